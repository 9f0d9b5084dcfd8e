import type { Card } from '../../engine/model/card';
import type { JsonObject } from '../../engine/model/json';
import { shownIn } from '../../engine/testing/inbox';
import { createInbox } from '../../store/inbox';
import { testDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const RUN = '00000000-0000-4000-8000-000000000001';
const OTHER_RUN = '00000000-0000-4000-8000-000000000002';
const OPEN_RUN = '00000000-0000-4000-8000-000000000003';
const ENDED_RUN = '00000000-0000-4000-8000-000000000004';
let messages = 0;

interface Delivered {
  readonly at: number;
  readonly content?: object;
  readonly card?: object;
  readonly run?: string;
  readonly expiresAt?: number;
  readonly dismissed?: boolean;
  readonly journey?: string;
  readonly snoozedUntil?: number;
  readonly whileInside?: true;
}

/**
 * Delivers messages, whose steps are named by their order, and returns the steps in the inbox at the instant 100. The test kit has to
 * show the same.
 */
async function inboxAfter(userId: string, delivered: readonly Delivered[]): Promise<string[]> {
  await database.pool.query('INSERT INTO users (id, created_at, last_seen_at) VALUES ($1, 0, 0)', [userId]);
  const sent: ReturnType<typeof asSent>[] = [];
  for (const [n, one] of delivered.entries()) {
    const { at, content = { kind: 'card' }, card, run = RUN } = one;
    const { expiresAt = 1_000, dismissed = false, journey = 'order', snoozedUntil, whileInside } = one;
    const id = `00000000-0000-4000-8000-${String(++messages).padStart(12, '0')}`;
    sent.push(asSent(one, id, `step ${n + 1}`));
    await database.pool.query(
      `INSERT INTO messages (id, user_id, run_id, journey, step, channel, template, status, transactional, data, decided_at, expires_at, sent_at, content, card, dismissed_at, snoozed_until, while_inside)
       VALUES ($1, $2, $3, $4, $5, 'inApp', 'order', 'sent', true, '{}', $6, $7, $6, $8, $9, $10, $11, $12)`,
      [
        id,
        userId,
        run,
        journey,
        `step ${n + 1}`,
        at,
        expiresAt,
        JSON.stringify(content),
        card === undefined ? null : JSON.stringify(card),
        dismissed ? at : null,
        snoozedUntil,
        whileInside,
      ],
    );
  }
  const steps = (await createInbox(database).list(userId, 100)).map(({ step }) => step);
  const dismissals = new Set(sent.filter(({ dismissed }) => dismissed).map(({ id }) => id));
  const snoozedUntil = new Map(
    sent.flatMap((one) => (one.snoozedUntil === undefined ? [] : [[one.id, one.snoozedUntil]])),
  );
  const fates = { dismissed: dismissals, snoozedUntil, openRuns: new Set([OPEN_RUN]) };
  expect(shownIn(sent, fates, 100).map(({ step }) => step)).toEqual(steps);
  return steps;
}

/** A message as the test kit knows it. */
function asSent({ at, content = { kind: 'card' }, card, run = RUN, ...rest }: Delivered, id: string, step: string) {
  const { expiresAt = 1_000, dismissed = false, journey = 'order', snoozedUntil, whileInside } = rest;
  const inCard = card === undefined ? {} : { card: card as Card };
  return {
    channel: 'inApp' as const,
    id,
    step,
    runId: run,
    journey,
    ...inCard,
    decidedAt: at,
    expiresAt,
    content: content as JsonObject,
    dismissed,
    snoozedUntil,
    ...(whileInside && { whileInside }),
  };
}

const slot = (turn: number, key: string | null = null, more: object = {}): object => ({
  slot: 'order',
  key,
  turn,
  ...more,
});

test('the inbox shows a progress card once: in its latest state, or the furthest one of several decided at the same time', async () => {
  const inbox = await inboxAfter('progress', [
    { at: 10, content: { kind: 'progress', progress: 0.25 } },
    { at: 20, content: { kind: 'progress', progress: 0.5 } },
    { at: 20, content: { kind: 'progress', progress: 0.75 } },
    { at: 5, content: { kind: 'banner' } },
  ]);
  expect(inbox).toEqual(['step 3', 'step 4']);
});

test('a dismissed progress card without a slot comes back with its next message', async () => {
  const progress = { kind: 'progress', progress: 0.25 };
  expect(await inboxAfter('again', [{ at: 10, content: progress, dismissed: true }])).toEqual([]);
  const inbox = await inboxAfter('again later', [
    { at: 10, content: progress, dismissed: true },
    { at: 20, content: progress },
  ]);
  expect(inbox).toEqual(['step 2']);
});

test('messages of one slot are one card, which shows the latest; of two at the same instant, that of the later step', async () => {
  const inbox = await inboxAfter('slot', [
    { at: 10, card: slot(1) },
    { at: 30, card: slot(3) },
    { at: 30, card: slot(2) },
    { at: 5 },
  ]);
  expect(inbox).toEqual(['step 2', 'step 4']);
});

test('two keys and two journeys have cards of their own; a later run of the same key goes on with its card', async () => {
  const inbox = await inboxAfter('orders', [
    { at: 10, card: slot(1, 'a') },
    { at: 20, card: slot(1, 'b'), run: OTHER_RUN },
    { at: 30, card: slot(1, 'a'), run: OTHER_RUN },
    { at: 40, card: slot(1, 'a'), journey: 'return' },
  ]);
  expect(inbox).toEqual(['step 4', 'step 3', 'step 2']);
});

test('a dismissed card brings back no older message, and stays dismissed when a later one comes', async () => {
  expect(
    await inboxAfter('dismissed', [
      { at: 10, card: slot(1) },
      { at: 20, card: slot(2), dismissed: true },
    ]),
  ).toEqual([]);
  expect(
    await inboxAfter('dismissed, later', [
      { at: 10, card: slot(1), dismissed: true },
      { at: 20, card: slot(2) },
    ]),
  ).toEqual([]);
});

test('a message that reopens its card brings it back; what was dismissed before does not matter then', async () => {
  const reopened = [
    { at: 10, card: slot(1), dismissed: true },
    { at: 20, card: slot(2, null, { reopen: true }) },
    { at: 30, card: slot(3) },
  ];
  expect(await inboxAfter('reopened', reopened)).toEqual(['step 3']);
  expect(await inboxAfter('dismissed again', [...reopened, { at: 40, card: slot(4), dismissed: true }])).toEqual([]);
});

test('a card whose latest message has expired is gone: no older message comes back', async () => {
  const inbox = await inboxAfter('expired', [
    { at: 10, card: slot(1), expiresAt: 1_000 },
    { at: 20, card: slot(2), expiresAt: 50 },
  ]);
  expect(inbox).toEqual([]);
});

test('a message that is put off is gone until its time has come, and shows no older one of its card', async () => {
  const inbox = await inboxAfter('snoozed', [
    { at: 10, snoozedUntil: 101 },
    { at: 20, snoozedUntil: 100 },
    { at: 30, card: slot(1) },
    { at: 40, card: slot(2), snoozedUntil: 500 },
  ]);
  expect(inbox).toEqual(['step 2']);
});

test('a later message of a card that is put off shows', async () => {
  const inbox = await inboxAfter('snoozed card', [
    { at: 10, card: slot(1), snoozedUntil: 500 },
    { at: 20, card: slot(2) },
  ]);
  expect(inbox).toEqual(['step 2']);
});

test('a message that lasts only while its run is open goes when the run ends', async () => {
  await database.pool.query(`INSERT INTO users (id, created_at, last_seen_at) VALUES ('runs', 0, 0)`);
  for (const [id, status] of [
    [OPEN_RUN, 'active'],
    [ENDED_RUN, 'exited'],
  ])
    await database.pool.query(
      `INSERT INTO runs (id, user_id, journey, status, entered_at, reason, body) VALUES ($1, 'runs', $2, $2, 0, '', '{}')`,
      [id, status],
    );
  const inbox = await inboxAfter('inside', [
    { at: 10, run: OPEN_RUN, whileInside: true },
    { at: 20, run: ENDED_RUN, whileInside: true },
    { at: 30, run: ENDED_RUN },
    { at: 40, run: RUN, whileInside: true },
  ]);
  expect(inbox).toEqual(['step 3', 'step 1']);
});
