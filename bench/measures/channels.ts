import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { deliver } from '../../activities/deliver';
import type { ActivityDeps } from '../../activities/deps';
import { FirstDecisions } from '../../activities/first-decisions';
import { InFlight } from '../../activities/in-flight';
import { loadTemplates, type Templates } from '../../activities/templates/load';
import { TimerLateness } from '../../activities/timer-lateness';
import { WakeSlots } from '../../activities/wake-slots';
import { createLogger } from '../../config/log';
import type { Report } from '../../dev/report';
import { lifecycle, policy } from '../../engine';
import { staticDefinitions } from '../../engine/definitions/definitions';
import { systemClock } from '../../engine/model/clock';
import { compile } from '../../engine/outline/compile';
import { openDatabase, type Database } from '../../store/database';
import { StartRequests } from '../../store/start-requests';
import { PLAIN_TABLE, startPlainApp } from '../channels/plain-app';
import { fcmHere } from '../channels/fcm';
import { poster } from '../channels/poster';
import { TEXT, type BenchProvider, type PlainMessage } from '../channels/provider';
import { sendGridHere } from '../channels/sendgrid';
import { twilioSmsHere, twilioVoiceHere } from '../channels/twilio';
import { webPushHere } from '../channels/web-push';
import { webhookHere } from '../channels/webhook';
import { short, type Figure } from '../figure';
import { monotonicMs } from '../part';
import { many } from '../people';
import type { Rig } from '../rig';
import { median } from '../stats';

const ROUNDS = 5;
/** Messages in a round, each to another user. */
const MESSAGES = 400;
const AT_ONCE = 16;

const USERS = `INSERT INTO users (id, created_at, last_seen_at, traits)
SELECT id, 0, 0, jsonb_build_object('email', email, 'phone', phone) FROM unnest($1::text[], $2::text[], $3::text[]) AS u (id, email, phone)`;
/** A message has the id of its user, which is a UUID too. */
const QUEUED = `INSERT INTO messages (id, user_id, journey, step, channel, template, status, transactional, data, decided_at, expires_at)
SELECT id, id::text, 'gate-change', 'gate', $2, 'gate', 'queued', false, '{}', $3::bigint, $3::bigint + 3600000 FROM unnest($1::uuid[]) AS m (id)`;
const SENT = `SELECT count(*)::int AS n FROM messages WHERE id = ANY ($1::uuid[]) AND status = 'sent'`;
const PLAIN_SENT = 'SELECT count(*)::int AS n FROM plain_messages WHERE id = ANY ($1::uuid[]) AND sent_at IS NOT NULL';
const AND_DELIVERED = ' AND delivered_at IS NOT NULL';

const PROVIDERS = [sendGridHere, twilioSmsHere, twilioVoiceHere, fcmHere, webPushHere, webhookHere];

/** Sends messages, and gets a receipt of each if the provider gives any. Resolves when all of it is stored. */
type Send = (messages: readonly PlainMessage[]) => Promise<void>;

/**
 * Compares messages that a worker delivers, and whose receipts come to the API, with a loop that posts the same to the same provider
 * and stores each receipt by one UPDATE. The providers are stand-ins on this machine, which answer at once.
 * @throws {Error} when a message was not sent, or its receipt is not stored
 */
export async function measureChannels(rig: Rig, report: Report): Promise<Figure[]> {
  const database = openDatabase(rig.ours.databaseUrl);
  const { pool } = database;
  await pool.query(PLAIN_TABLE);
  const app = await startPlainApp(pool);
  rig.teardown.add({ stop: () => database.close() });
  rig.teardown.add({ stop: async () => app.stop() });
  const templates = await benchTemplates();
  const figures: Figure[] = [];
  for (const start of PROVIDERS) {
    const provider = await start();
    const figure = await measureChannel(provider, {
      ours: await sendByWorker(rig, provider, database, templates),
      plain: sendPlainly(provider, pool, app.url),
    });
    report(`channels: ${provider.channel} ${figure.note}`);
    figures.push(figure);
    await provider.fake.stop();
  }
  return figures;
}

async function measureChannel(
  { channel, report }: BenchProvider,
  { ours, plain }: Readonly<Record<'ours' | 'plain', Send>>,
): Promise<Figure> {
  const rounds: { readonly ours: number; readonly plain: number }[] = [];
  for (let n = 0; n <= ROUNDS; n++) rounds.push({ ours: await rateOf(ours), plain: await rateOf(plain) });
  // The first round warms up.
  const [, ...measured] = rounds;
  const ratios = measured.map((round) => round.ours / round.plain);
  const [a, b] = [median(measured.map((round) => round.ours)), median(measured.map((round) => round.plain))];
  return {
    name: 'channels_vs_loop',
    of: channel,
    value: median(ratios),
    range: [Math.min(...ratios), Math.max(...ratios)],
    unit: '×',
    note: `${short(a)} against ${short(b)} messages/s${report ? ' with a receipt of each' : ''}, ${AT_ONCE} at once`,
  };
}

async function rateOf(send: Send): Promise<number> {
  const messages = Array.from({ length: MESSAGES }, () => {
    const id = randomUUID();
    const digits = String(Math.floor(Math.random() * 1e8)).padStart(8, '0');
    return { id, email: `${id}@example.com`, phone: `+4915${digits}` };
  });
  const begun = monotonicMs();
  await send(messages);
  return (MESSAGES * 1_000) / (monotonicMs() - begun);
}

/** Calls `each` for every message, and then expects that the query counts all of them. */
async function eachOf(
  messages: readonly PlainMessage[],
  pool: Pool,
  query: string,
  each: (message: PlainMessage) => Promise<void>,
): Promise<void> {
  const left = [...messages];
  await many(messages.length, AT_ONCE, async () => {
    const message = left.pop();
    if (message) await each(message);
  });
  const { rows } = await pool.query<{ n: number }>(query, [messages.map(({ id }) => id)]);
  if (rows[0]?.n !== messages.length) throw new Error(`Expected ${messages.length} deliveries, got ${rows[0]?.n}.`);
}

/** Ours: a worker's delivery, and the API of the side. */
async function sendByWorker(
  rig: Rig,
  provider: BenchProvider,
  database: Database,
  templates: Templates,
): Promise<Send> {
  const { pool } = database;
  const publicUrl = `http://127.0.0.1:${rig.ours.port}`;
  const rendering = { templates, publicUrl, secret: rig.ours.secret };
  const { channel } = provider;
  const sources = {
    journeys: [],
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    policy: policy({ quietHours: null }),
    traits: {},
  };
  const deps: ActivityDeps = {
    ...{ pool, clock: systemClock, definitions: staticDefinitions(await compile(sources)), publicUrl },
    channels: { [channel]: provider.ours(rendering, database) },
    ...{ rates: {}, switches: { stopping: () => null }, release: { seq: 1 }, answersRead: templates.answersRead },
    ...{ inFlight: new InFlight(), decisions: new FirstDecisions(), lateness: new TimerLateness() },
    ...{ slots: new WakeSlots(systemClock), starts: new StartRequests(pool), log: createLogger('bench', 'silent') },
  };
  const { post } = poster();
  return async (messages) => {
    const ids = messages.map(({ id }) => id);
    const column = (of: 'email' | 'phone'): string[] => messages.map((message) => message[of]);
    await pool.query(USERS, [ids, column('email'), column('phone')]);
    await pool.query(QUEUED, [ids, channel, Date.now()]);
    await provider.register?.(database, messages);
    await eachOf(messages, pool, provider.report ? SENT + AND_DELIVERED : SENT, async ({ id }) => {
      await deliver(deps, id);
      const report = provider.report?.(publicUrl, id);
      if (report) await post(publicUrl + report.path, report.headers, report.body);
    });
  };
}

/** By hand: a request to the provider and a row, and an UPDATE for the receipt. */
function sendPlainly(provider: BenchProvider, pool: Pool, appUrl: string): Send {
  const { post } = poster();
  const sent = 'INSERT INTO plain_messages (id, sent_at) VALUES ($1, $2)';
  return (messages) =>
    eachOf(messages, pool, provider.report ? PLAIN_SENT + AND_DELIVERED : PLAIN_SENT, async (message) => {
      const { path, headers, body } = provider.plain(message);
      await post(provider.fake.url + path, headers, body);
      await pool.query({ name: 'plain-sent', text: sent, values: [message.id, Date.now()] });
      const report = provider.report?.(appUrl, message.id);
      if (report) await post(appUrl + report.path, report.headers, report.body);
    });
}

/** The templates of the messages, as files of a journey. */
async function benchTemplates(): Promise<Templates> {
  const root = mkdtempSync(join(tmpdir(), 'sojourn-bench-templates-'));
  const folder = join(root, 'gate-change', 'templates');
  mkdirSync(folder, { recursive: true });
  const { subject, text } = TEXT;
  const mail = `<mjml><mj-body><mj-section><mj-column><mj-text>${text}</mj-text></mj-column></mj-section></mj-body></mjml>`;
  writeFileSync(join(folder, 'gate.email.mjml'), `---\nsubject: "${subject}"\n---\n${mail}\n`);
  writeFileSync(join(folder, 'gate.sms.yaml'), `text: '${text}'\n`);
  writeFileSync(join(folder, 'gate.voice.yaml'), `say: '${text}'\n`);
  writeFileSync(join(folder, 'gate.push.yaml'), `title: '${subject}'\nbody: '${text}'\n`);
  writeFileSync(join(folder, 'gate.web-push.yaml'), `title: '${subject}'\nbody: '${text}'\nurl: /gate\n`);
  writeFileSync(join(folder, 'gate.webhook.yaml'), 'type: gate.changed\n');
  try {
    return await loadTemplates(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
