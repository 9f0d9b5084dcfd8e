import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { signUserToken } from '../../config/tokens';
import type { Report } from '../../dev/report';
import { until } from '../../dev/until';
import { announceInApp } from '../../store/in-app-announcements';
import { residentBytes, usedPer } from '../cpu';
import { short, type Figure } from '../figure';
import { openStream, poll, type PageUser } from '../open-pages';
import { monotonicMs } from '../part';
import { did, many } from '../people';
import type { Rig } from '../rig';
import type { Side } from '../side';
import { percentile } from '../stats';

/** Open pages while the latency is measured. */
const PAGES = 1_000;
/** Open pages while nothing happens. The load generator and the API each need as many file descriptors. */
const IDLE_PAGES = 10_000;
/** A page that polls does so at this interval, the shortest that the protocol allows. Real milliseconds. */
const POLL_MS = 5_000;
const CHANGES = 600;
/** Real milliseconds between two changes. */
const CHANGE_EVERY_MS = 25;
/** How long the cost of idle pages is measured, real milliseconds. It is longer than the interval of second looks. */
const WATCH_MS = 65_000;
const OPENED_AT_ONCE = 50;
/** Calls in a batch of the ingest beside. */
const BATCH = 100;

const DELIVER = `INSERT INTO messages (id, user_id, journey, step, channel, template, status, transactional, data, decided_at, expires_at, sent_at, content)
VALUES ($1, $2, 'bench', 'bench', 'inApp', 'bench', 'sent', true, '{}', $3::bigint, $3::bigint + 3600000, $3::bigint, $4)`;

/** How long pages wait for a change, and what all of it costs. */
interface Followed {
  readonly latencies: readonly number[];
  /** Cores that the API and PostgreSQL used, with the ingest beside. */
  readonly cores: number;
  readonly eventsPerSecond: number;
}

/**
 * Measures the time from the commit of a change until an open page has it, beside ingest, by streams and by polling; and what open
 * pages cost while nothing happens.
 */
export async function measurePages(rig: Rig, report: Report): Promise<Figure[]> {
  const users = await createUsers(rig.ours, IDLE_PAGES);
  const some = users.slice(0, PAGES);
  const { port } = rig.ours;
  const streamed = await whileOpen(rig.ours, some, (marks) => follow(rig, some, marks));
  report(`pages: ${PAGES} streams measured`);
  const marks = new Marks();
  const endPolling = poll(port, some, POLL_MS, marks.onText);
  await pause(POLL_MS);
  const polled = await follow(rig, some, marks);
  endPolling();
  report(`pages: ${PAGES} pages that poll measured`);
  const idle = await measureIdlePages(rig, users);
  report(`pages: ${IDLE_PAGES} idle streams measured`);
  const of = ({ latencies }: Followed, percent: number): number => percentile(latencies, percent);
  const beside = ({ cores, eventsPerSecond }: Followed): string =>
    `API and PostgreSQL ${short(cores)} cores, beside ${short(eventsPerSecond)} events/s`;
  const note = `${PAGES} pages, ${CHANGES} changes, ${1_000 / CHANGE_EVERY_MS} a second`;
  return [
    { name: 'pages', of: 'p50', value: of(streamed, 50), unit: 'ms', note: `${note}; ${beside(streamed)}` },
    {
      name: 'pages',
      of: 'p99',
      value: of(streamed, 99),
      unit: 'ms',
      target: { bound: 'at most', value: 300 },
      note: 'from the commit to the page',
    },
    { name: 'pages', of: 'polling_p50', value: of(polled, 50), unit: 'ms', note: `every 5 s; ${beside(polled)}` },
    { name: 'pages', of: 'polling_p99', value: of(polled, 99), unit: 'ms', note: 'the same pages and changes' },
    ...idle,
  ];
}

/** The changes that pages have yet to show, each by a mark in its message. */
class Marks {
  readonly latencies: number[] = [];
  private readonly committed = new Map<string, number>();

  get open(): number {
    return this.committed.size;
  }

  /** Notes that a change is committed. */
  commit(mark: string): void {
    this.committed.set(mark, monotonicMs());
  }

  readonly onText = (text: string): void => {
    for (const [mark] of text.matchAll(/mark-[\da-f-]{36}/g)) {
      const at = this.committed.get(mark);
      if (at === undefined) continue;
      this.committed.delete(mark);
      this.latencies.push(monotonicMs() - at);
    }
  };
}

async function createUsers({ pool, secret }: Side, count: number): Promise<PageUser[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await pool.query(
    'INSERT INTO users (id, created_at, last_seen_at) SELECT id, 0, 0 FROM unnest($1::text[]) AS u (id)',
    [ids],
  );
  await pool.query('ANALYZE users');
  return Promise.all(ids.map(async (id) => ({ id, token: await signUserToken(secret, id, 3_600_000) })));
}

/** Opens a page of each user for as long as some work takes. */
async function whileOpen<Result>(
  { port }: Side,
  users: readonly PageUser[],
  work: (marks: Marks) => Promise<Result>,
): Promise<Result> {
  const marks = new Marks();
  const sockets: Socket[] = [];
  const left = [...users];
  await many(users.length, OPENED_AT_ONCE, async () => {
    const user = left.pop();
    if (user) sockets.push(await openStream(port, user, marks.onText));
  });
  try {
    return await work(marks);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

/** Changes what users see, each once, beside ingest, until their pages have shown it all. */
async function follow(rig: Rig, users: readonly PageUser[], marks: Marks): Promise<Followed> {
  const { ours } = rig;
  let isOver = false;
  let events = 0;
  const ingest = async (): Promise<void> => {
    while (!isOver) {
      const call = (): object => Object.assign({ type: 'track' }, did(oneOf(users).id, 'Page Scrolled', { depth: 40 }));
      await ours.api.post('/v1/batch', { batch: Array.from({ length: BATCH }, call) });
      events += BATCH;
    }
  };
  const begun = monotonicMs();
  const before = rig.cpu(ours);
  const beside = ingest();
  for (const { id } of users.slice(0, CHANGES)) await Promise.all([change(ours, id, marks), pause(CHANGE_EVERY_MS)]);
  const seconds = (monotonicMs() - begun) / 1_000;
  const used = usedPer(seconds, before, rig.cpu(ours));
  const rate = events / seconds;
  await until('the pages show all changes', () => marks.open === 0);
  isOver = true;
  await beside;
  return { latencies: marks.latencies, cores: used.api + used.postgres, eventsPerSecond: rate };
}

/** Delivers a message as a worker does: the row first, and then the announcement. */
async function change({ pool }: Side, userId: string, marks: Marks): Promise<void> {
  const mark = `mark-${randomUUID()}`;
  const content = JSON.stringify({ kind: 'card', title: 'Your order', body: mark });
  await pool.query({ name: 'deliver', text: DELIVER, values: [randomUUID(), userId, Date.now(), content] });
  marks.commit(mark);
  announceInApp(pool, [userId]);
}

async function measureIdlePages(rig: Rig, users: readonly PageUser[]): Promise<Figure[]> {
  const { ours } = rig;
  const rss = (): number => residentBytes(ours.pids.api);
  const before = rss();
  return whileOpen(ours, users, async () => {
    const opened = rss();
    const cpu = rig.cpu(ours);
    const begun = monotonicMs();
    await pause(WATCH_MS);
    const used = usedPer((monotonicMs() - begun) / 1_000, cpu, rig.cpu(ours));
    const note = `${users.length} pages on one API, for ${WATCH_MS / 1_000} s`;
    return [
      { name: 'pages', of: 'kib_each', value: short((opened - before) / users.length / 1_024), unit: 'KiB', note },
      {
        name: 'pages',
        of: 'idle_api',
        value: short(used.api * 100),
        unit: '% of a core',
        note: 'comments, second looks',
      },
      {
        name: 'pages',
        of: 'idle_postgres',
        value: short(used.postgres * 100),
        unit: '% of a core',
        note: 'second looks',
      },
    ];
  });
}

function oneOf(users: readonly PageUser[]): PageUser {
  const user = users[Math.floor(Math.random() * users.length)];
  if (!user) throw new Error('There are no users.');
  return user;
}
