import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { timingOfMachine } from '../../api/machine';
import { signClick } from '../../config/tracked-links';
import { realClock } from '../../engine/model/clock';
import { noteLinkVisit } from '../../store/link-visits';
import { areWaiting } from '../support/locks';
import { until } from '../support/until';
import { SECRET, startApi, type TestApi } from './server';

/* Scanners that call themselves like a browser are told from people by when they follow links. */

const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
const SENT = Date.parse('2026-11-30T12:00:00Z');
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let api: TestApi;
let now = SENT;
beforeAll(async () => {
  api = await startApi({ clock: realClock(() => now) });
});
afterAll(() => api.stop());

interface Times {
  readonly sentAt?: number | null;
  readonly deliveredAt?: number | null;
}

/** Stores a mail that went out at `SENT`, and returns its id. */
async function mail({ sentAt = SENT, deliveredAt = null }: Times = {}): Promise<string> {
  const [id, userId] = [randomUUID(), randomUUID()];
  await api.write('/v1/identify', { userId, traits: {} });
  await api.database.knex('messages').insert({
    ...{ id, user_id: userId, journey: 'onboarding', step: 'welcome', channel: 'email', template: 'welcome', data: {} },
    ...{ status: sentAt === null ? 'sending' : 'sent', transactional: false, decided_at: SENT - 1, attempts: 1 },
    ...{ expires_at: SENT + 1e9, sent_at: sentAt, delivered_at: deliveredAt },
  });
  return id;
}

/** Follows a link of a mail at a time after `SENT`, as a browser does. */
async function follow(messageId: string, link: string, after: number, headers = BROWSER): Promise<void> {
  now = SENT + after;
  const url = `https://shop.example.com/${link}`;
  const path = `/c/${signClick(SECRET, { messageId, url })}`;
  const response = await fetch(api.url + path, { headers, redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([302, url]);
}

/** What is stored of a mail, in order: the link, and by what a machine was told. */
async function told(messageId: string): Promise<string[]> {
  const { rows } = await api.database.pool.query<{ name: string; url: string; sign: string | null }>(
    `SELECT name, properties ->> 'url' AS url, properties ->> 'sign' AS sign FROM events
     WHERE properties ->> 'message' = $1 ORDER BY id`,
    [messageId],
  );
  return rows.map(({ name, url, sign }) => `${name} ${url.split('/').pop() ?? ''} ${sign ?? 'by a person'}`);
}

test('who follows a link within seconds of the mail is a machine, and the person who follows it later counts', async () => {
  const id = await mail();
  await follow(id, 'a', 2 * SECOND);
  await follow(id, 'a', 5 * MINUTE);
  expect(await told(id)).toEqual(['Message Prefetched a soon', 'Message Clicked a by a person']);
});

test('the seconds count from the delivery where the provider reports it', async () => {
  const id = await mail({ deliveredAt: SENT + 5 * MINUTE });
  await follow(id, 'a', 5 * MINUTE + SECOND);
  await follow(id, 'a', 6 * MINUTE);
  expect(await told(id)).toEqual(['Message Prefetched a soon', 'Message Clicked a by a person']);
});

test('who follows a link before the mail is recorded as sent is a machine', async () => {
  const id = await mail({ sentAt: null });
  await follow(id, 'a', SECOND);
  expect(await told(id)).toEqual(['Message Prefetched a soon']);
});

test('who follows several links in a moment is a machine from the second on, also all at once', async () => {
  const id = await mail();
  await Promise.all(['a', 'b', 'c', 'd'].map((link) => follow(id, link, 5 * MINUTE)));
  const signs = (await told(id)).map((one) => one.replace(/ \w /, ' '));
  expect(signs.sort()).toEqual([
    'Message Clicked by a person',
    ...Array.from({ length: 3 }, () => 'Message Prefetched many links'),
  ]);
  await follow(id, 'e', 6 * MINUTE);
  expect((await told(id)).at(-1)).toBe('Message Clicked e by a person');
});

test('of two links that are followed at the same instant, one sees the other', async () => {
  const id = await mail();
  const { knex, pool } = api.database;
  const holder = await knex.transaction();
  await holder('messages').where({ id }).forUpdate();
  const visits = ['a', 'b'].map((url) => noteLinkVisit(api.database, { messageId: id, url, at: SENT }));
  await until('both wait for the row', () => areWaiting(pool, 2));
  await holder.commit();
  const others = (await Promise.all(visits)).map((visited) => visited?.otherLinkAt);
  expect(others.filter((at) => at === null)).toHaveLength(1);
  expect(others).toContain(SENT);
});

test('a person who follows a link just after a scanner has looked at it counts', async () => {
  const id = await mail();
  await follow(id, 'a', 5 * MINUTE, { 'user-agent': 'Barracuda Sentinel' });
  await follow(id, 'a', 5 * MINUTE + 100);
  expect(await told(id)).toEqual(['Message Prefetched a request', 'Message Clicked a by a person']);
});

test('whatever the speed of the journey clock, the same real times tell a machine', () => {
  fc.assert(
    fc.property(
      fc.record({ delivered: fc.option(fc.nat(10_000)), other: fc.option(fc.nat(10_000)) }),
      fc.integer({ min: 0, max: 10_000 }),
      fc.constantFrom(1, 60, 3_600),
      ({ delivered, other }, after, speed) => {
        const on = (ms: number | null): number | null => (ms === null ? null : SENT + ms * speed);
        const message = { sentAt: SENT, deliveredAt: on(delivered), otherLinkAt: on(other) };
        const [arrived, sinceOther] = [delivered ?? 0, other === null ? Infinity : after - other];
        const otherwise = sinceOther < SECOND ? 'many links' : null;
        expect(timingOfMachine(message, SENT + after * speed, speed)).toBe(
          after - arrived < 5 * SECOND ? 'soon' : otherwise,
        );
      },
    ),
  );
});
