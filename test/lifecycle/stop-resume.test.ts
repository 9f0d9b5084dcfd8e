import { sojourn } from '../cli/repository';
import type { Outcome } from '../cli/repository';
import { FIXTURE_JOURNEYS, startLifecycle, type TestLifecycle } from '../support/lifecycle';
import { until } from '../support/until';

/*
 * `sojourn stop` and `sojourn resume` as operators run them: a process of its own beside running workers, with nothing in common but the
 * database.
 */

let stack: TestLifecycle;
beforeAll(async () => {
  stack = await startLifecycle();
  await stack.startWorker();
});
afterAll(() => stack.stop());

const run = (...args: readonly string[]): Promise<Outcome> =>
  sojourn([...args], { DATABASE_URL: stack.database.url, JOURNEYS: FIXTURE_JOURNEYS });

/** Runs a command that must work. Returns what it prints. */
async function told(...args: readonly string[]): Promise<string> {
  const outcome = await run(...args);
  expect(outcome).toMatchObject({ code: 0 });
  return outcome.stdout;
}

/** Lets a new user start a trial, whose first step is a mail. */
async function newcomer(): Promise<string> {
  const userId = stack.newUser();
  await stack.track(userId, 'Trial Started', { plan: 'free' });
  return userId;
}

interface Welcome {
  readonly status: string;
  readonly cause: string | null;
  /** Why, in words. */
  readonly error: string | null;
}

/** The welcome of a user, once it is as wanted. */
const welcome = (userId: string, what: string, wanted: (one: Welcome) => boolean): Promise<Welcome> =>
  until(`the welcome is ${what}`, async () => {
    const message = { user_id: userId, step: 'welcome' };
    const found = await stack.database
      .knex('messages')
      .where(message)
      .first<Welcome | undefined>('status', 'cause', 'last_error as error');
    return found && wanted(found) ? found : undefined;
  });
const isHeld = async (userId: string): Promise<boolean> => {
  const { rows } = await stack.database.pool.query(
    `SELECT FROM stopped_messages s JOIN messages m USING (id) WHERE m.user_id = $1 AND s.target IS NOT NULL`,
    [userId],
  );
  return rows.length > 0;
};
/** How often the welcome of a user has reached the mail server. */
async function welcomesOf(userId: string): Promise<number> {
  const [id] = await stack.database.knex('messages').where({ user_id: userId, step: 'welcome' }).pluck<string[]>('id');
  return stack.smtp.messages.filter(({ messageId }) => messageId.includes(id ?? 'none')).length;
}

/** Waits until workers obey a switch: they read it once a second, so somebody who comes in the meantime may still get a mail. */
const obeyed = (what: string): Promise<string> =>
  until(what, async () => {
    const userId = await newcomer();
    const { status } = await welcome(userId, 'decided', (one) => one.status !== 'queued' && one.status !== 'sending');
    return status === 'sent' ? undefined : userId;
  });

test('what is stopped is held in running workers, and sent after `resume` to those whom the policy still allows', async () => {
  expect(await told('stop')).toBe('Nothing is stopped.\n');
  expect(await told('stop', 'email', '--reason', 'a wrong price', '--by', 'grace')).toContain(
    'channel:email is stopped: its messages are held.',
  );
  const stays = await obeyed('workers hold mails');
  const leaves = await newcomer();
  await until('both are held', async () => (await isHeld(stays)) && (await isHeld(leaves)));
  expect(await told('stop')).toMatch(/^channel:email: hold, [2-9]\d* held, by grace since \S+Z: a wrong price$/m);

  // Held messages are decided again: who has opted out meanwhile gets nothing.
  await stack.database
    .knex('users')
    .where({ id: leaves })
    .update({ consent: { email: false } });
  expect(await told('resume', 'email', '--reason', 'mended', '--by', 'ada')).toContain('channel:email goes on.');
  await welcome(stays, 'sent', ({ status }) => status === 'sent');
  expect(await welcome(leaves, 'suppressed', ({ status }) => status === 'suppressed')).toMatchObject({
    cause: 'consent',
  });
  expect([await welcomesOf(stays), await welcomesOf(leaves)]).toEqual([1, 0]);
  expect(await told('stop')).toBe('Nothing is stopped.\n');

  const kept = await stack.database
    .knex('switch_changes')
    .orderBy('n')
    .select('target', 'mode', 'reason', 'changed_by');
  expect(kept).toEqual([
    { target: 'channel:email', mode: 'hold', reason: 'a wrong price', changed_by: 'grace' },
    { target: 'channel:email', mode: null, reason: 'mended', changed_by: 'ada' },
  ]);
});

test('a switch that is changed to --drop drops what it held, and says why', async () => {
  await told('stop', 'journey:trial', '--reason', 'on hold', '--by', 'grace');
  const held = await obeyed('workers hold the journey');
  await until('the message is held', () => isHeld(held));
  await told('stop', 'journey:trial', '--drop', '--reason', 'sent by mistake', '--by', 'ada');
  const dropped = await welcome(held, 'dropped', ({ status }) => status === 'suppressed');
  expect(dropped).toMatchObject({ cause: 'stopped', error: 'sent by mistake' });
  const later = await newcomer();
  await welcome(later, 'dropped', ({ status }) => status === 'suppressed');
  await told('resume', 'journey:trial', '--reason', 'over', '--by', 'ada');
  expect([await welcomesOf(held), await welcomesOf(later)]).toEqual([0, 0]);
});

test.each([
  [['stop', 'email'], 'Say why: --reason'],
  [['stop', 'fax', '--reason', 'x'], "There is nothing named 'fax'. Expected all, one of the channels"],
  [['stop', 'journey:trail', '--reason', 'x'], "There is nothing named 'journey:trail'"],
  [['resume', 'email', '--reason', 'x'], "Nothing named 'email' is stopped. sojourn stop lists what is."],
  [['resume', 'nonsense:', '--reason', 'x'], "Nothing named 'nonsense:' is stopped"],
  [['resume', 'email'], "required option '--reason <text>'"],
  [['resume', '--reason', 'x'], "missing required argument 'target'"],
])('%j is refused in words that say what was expected, and changes nothing', async (args, words) => {
  const count = async (): Promise<unknown> => stack.database.knex('switch_changes').count();
  const before = await count();
  const { code, stderr } = await run(...args);
  expect(code).toBe(1);
  expect(stderr).toContain(words);
  expect(stderr).not.toContain('    at ');
  expect(await count()).toEqual(before);
});
