import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** All metrics of this process, for `GET /metrics`. Labels never hold ids, names of events or anything else of a person. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry });

const registers = [registry];

/** Events received, by what became of them: accepted, duplicate, rejected. */
export const eventsTotal = new Counter({
  name: 'sojourn_events_total',
  help: 'Events received, by outcome',
  labelNames: ['outcome'] as const,
  registers,
});

/** Attempts to deliver a message, by what came of them. */
export const deliveriesTotal = new Counter({
  name: 'sojourn_deliveries_total',
  help: 'Attempts to deliver a message, by channel and outcome',
  labelNames: ['channel', 'outcome'] as const,
  registers,
});

/** Real seconds from a parsed request to its committed events. */
export const ingestDuration = new Histogram({
  name: 'sojourn_ingest_duration_seconds',
  help: 'Time to store the events of one request',
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  registers,
});

/** Real seconds to load, decide and save one user; the attempts at what was decided apart. */
export const advanceDuration = new Histogram({
  name: 'sojourn_advance_duration_seconds',
  help: 'Time to advance one user',
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers,
});

/** Real seconds the oldest pending event has waited; 0 when none does, NaN when the database can't say. */
export const pendingLag = new Gauge({
  name: 'sojourn_pending_lag_seconds',
  help: 'Age of the oldest event no worker has looked at yet',
  registers,
});
// A worker, which never asks, would report none waiting.
pendingLag.remove();

/** Real seconds per HTTP request, by the pattern of its route. */
export const httpDuration = new Histogram({
  name: 'sojourn_http_request_duration_seconds',
  help: 'Time to answer a request, by route and status',
  labelNames: ['method', 'route', 'status'] as const,
  buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers,
});
