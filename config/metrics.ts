import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** All metrics of this process, for `GET /metrics`. Labels never contain ids, event names or personal data. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry });

const registers = [registry];

/** Events received, by outcome: accepted, duplicate or rejected. */
export const eventsTotal = new Counter({
  name: 'sojourn_events_total',
  help: 'Events received, by outcome',
  labelNames: ['outcome'] as const,
  registers,
});

/** Attempts to deliver a message, by journey, channel and outcome. A journey that is not defined any more counts as `other`. */
export const deliveriesTotal = new Counter({
  name: 'sojourn_deliveries_total',
  help: 'Attempts to deliver a message, by journey, channel and outcome',
  labelNames: ['journey', 'channel', 'outcome'] as const,
  registers,
});

/** Whether a provider is asked: 0 when it is, 1 while one message tries it, 2 while it is left alone because it fails. */
export const providerState = new Gauge({
  name: 'sojourn_provider_state',
  help: 'Whether a provider is sent messages: 0 yes, 1 one to try it, 2 none because it fails',
  labelNames: ['channel', 'provider'] as const,
  registers,
});

/** Messages handed to a provider, by what it answered. */
export const providerSends = new Counter({
  name: 'sojourn_provider_sends_total',
  help: 'Messages handed to a provider, by what became of them',
  labelNames: ['channel', 'provider', 'outcome'] as const,
  registers,
});

/** Failed attempts to make a call, by journey, step and code of the error. A step that the outline lacks counts as `other`. */
export const callFailuresTotal = new Counter({
  name: 'sojourn_call_failures_total',
  help: 'Failed attempts to make a call, by journey, step and code of the error',
  labelNames: ['journey', 'step', 'code'] as const,
  registers,
});

/** Real seconds from a parsed request until its events are committed. */
export const ingestDuration = new Histogram({
  name: 'sojourn_ingest_duration_seconds',
  help: 'Time to store the events of one request',
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  registers,
});

/** Real seconds to load, decide and save one user, without the delivery of messages that were decided. */
export const advanceDuration = new Histogram({
  name: 'sojourn_advance_duration_seconds',
  help: 'Time to advance one user',
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers,
});

/** Real seconds that the oldest pending event has waited: 0 without one, NaN when the database is unavailable. */
export const pendingLag = new Gauge({
  name: 'sojourn_pending_lag_seconds',
  help: 'Age of the oldest event that no worker has processed yet',
  registers,
});

/** Runs that are parked because their code threw, by journey. Absent when the database is unavailable. */
export const parkedRuns = new Gauge({
  name: 'sojourn_parked_runs',
  help: 'Runs that an error in their journey has stopped, by journey',
  labelNames: ['journey'] as const,
  registers,
});

/** Users whose lifecycle a worker has yet to start or wake; NaN when the database is unavailable. */
export const queuedStarts = new Gauge({
  name: 'sojourn_start_queue_users',
  help: 'Users whose lifecycle a worker has yet to start or wake',
  registers,
});

/** Rows that were removed because they were older than they are to be kept, by table. */
export const removedRows = new Counter({
  name: 'sojourn_removed_rows_total',
  help: 'Rows that were removed because of their age, by table',
  labelNames: ['table'] as const,
  registers,
});

let measureLag: (() => Promise<number | null>) | null = null;

/**
 * Real seconds since a pass through all users that removes old rows last came to its end. It is measured whenever it is read, as
 * another worker may have made the pass. Absent where this process removes none, NaN when the database is unavailable.
 */
export const retentionLag = new Gauge({
  name: 'sojourn_retention_lag_seconds',
  help: 'Time since old rows of all users were last removed',
  registers,
  async collect() {
    const seconds = await measureLag?.().catch(() => NaN);
    if (seconds === undefined || seconds === null) this.remove();
    else this.set(seconds);
  },
});

/** Sets how this process measures the lag of the retention, in seconds; null when it stops to. */
export function measureRetentionLag(measure: typeof measureLag): void {
  measureLag = measure;
}

/** Streams of in-app state that are open in this process. */
export const openStreams = new Gauge({
  name: 'sojourn_open_streams',
  help: 'Streams of in-app state that are open',
  registers,
});
// A process that never sets these gauges would report 0.
pendingLag.remove();
queuedStarts.remove();
openStreams.remove();

/** Real seconds per HTTP request, by the pattern of its route. */
export const httpDuration = new Histogram({
  name: 'sojourn_http_request_duration_seconds',
  help: 'Time to answer a request, by route and status',
  labelNames: ['method', 'route', 'status'] as const,
  buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers,
});
