import { join } from 'node:path';
import { POSTMARK_TOKEN, startPostmark } from '../fakes/postmark';
import type { FakeService } from '../fakes/service';
import { startFakeTwilio, TWILIO_ACCOUNT, type FakeTwilio } from '../fakes/twilio';
import { startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

const JOURNEYS = join(__dirname, 'journeys-hanging');

/** More than may wait for one provider in a worker. */
const WAITING = 45;
/** What may wait: see `activities/providers/room.ts`. */
const ROOM = 40;
const OTHERS = 5;

let stack: TestLifecycle;
let postmark: FakeService;
let twilio: FakeTwilio;
beforeAll(async () => {
  [stack, postmark, twilio] = await Promise.all([
    startLifecycle({ journeysPath: JOURNEYS }),
    startPostmark(),
    startFakeTwilio(),
  ]);
  Object.assign(process.env, {
    ...{ POSTMARK_SERVER_TOKEN: POSTMARK_TOKEN, POSTMARK_URL: postmark.url },
    ...{ SMTP_URL: stack.smtp.url, MAIL_FROM: 'Sojourn <hello@example.com>' },
    TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT.accountSid,
    TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.authToken,
    ...{ TWILIO_FROM: '+15550006666', TWILIO_URL: twilio.url },
  });
  await stack.startWorker();
});
afterAll(async () => {
  await Promise.all([postmark.stop(), twilio.stop()]);
  await stack.stop();
});

/** Email messages that are under way for the first time. */
async function firstAttempts(): Promise<number> {
  const { rows } = await stack.database.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM messages WHERE channel = 'email' AND status = 'sending' AND attempts = 1`,
  );
  return rows[0]?.n ?? 0;
}

test('while a provider hangs, another provider and another channel deliver without waiting for it', async () => {
  postmark.misbehave(...Array.from({ length: 1_000 }, () => 'hangs' as const));
  await Promise.all(Array.from({ length: WAITING }, () => stack.track(stack.newUser(), 'Mail Wanted')));
  await until('as many messages hang as may', () => postmark.received.length === ROOM);

  const others = Array.from({ length: OTHERS }, (_, n) => ({
    userId: stack.newUser(),
    phone: `+4917112345${10 + n}`,
  }));
  await Promise.all(
    others.map(async ({ userId, phone }) => {
      const options = { traits: { email: `${userId}@example.com`, phone } };
      await stack.track(userId, 'Mail Wanted', {}, options);
      await stack.track(userId, 'Text Wanted', {}, options);
    }),
  );
  await until('the others have their mails and texts', () =>
    others.every(
      ({ userId, phone }) =>
        stack.smtp.messages.some(({ to }) => to === `${userId}@example.com`) &&
        twilio.taken.some(({ fields }) => fields['To'] === phone),
    ),
  );
  // What hangs has not even been given up once.
  expect([postmark.received.length, await firstAttempts()]).toEqual([ROOM, ROOM]);
});
