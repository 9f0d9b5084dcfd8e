import type { Run } from '../../engine/model/state';
import { seeded, type Random } from '../../engine/testing/random';
import { until } from '../support/until';
import { EXAMPLES, print, reached } from './support/cookbook';
import { install, type Installation } from './support/installation';
import { Person } from './support/person';

/*
 * Moves appointments at random on the real stack, in real time. "1 hour before" must be due at exactly that instant, to the
 * millisecond. When a message goes out depends on the machine, so it is printed how late that was. It takes three minutes, so it is
 * not part of `npm test`.
 *
 * One thing may differ from a stack that is never late: an appointment is moved after its reminder was due, and before the engine
 * woke for it. Its reminder is then withdrawn, as it has not gone out. That is allowed, and printed.
 */
const SEED = Date.now();
const PEOPLE = 100;
const TIMES = 5;
const HOUR = 3_600_000;

let here: Installation;
beforeAll(async () => void (here = await install({ speed: 1, journeysPath: EXAMPLES })));
afterAll(() => here.stop());

/** One move of an appointment. Milliseconds. */
interface Move {
  readonly person: Person;
  /** When it is made, after the beginning. */
  readonly after: number;
  /** How long after it the reminder is due; less than nothing if it is over already. */
  readonly ahead: number;
}

function randomMoves(person: Person, random: Random): Move[] {
  let after = 0;
  return Array.from({ length: TIMES }, () => {
    after += random.between(1_000, 24_000);
    return { person, after, ahead: random.between(-3_000, 20_000) };
  });
}

test('over 500 reschedulings, "1 hour before" is due exactly then', async () => {
  process.stdout.write(`seed ${SEED}\n`);
  const random = seeded(SEED);
  const people = Array.from({ length: PEOPLE }, (_, n) => new Person(here, `Ada ${n}`));
  const moves = people.flatMap((person) => randomMoves(person, random)).sort((a, b) => a.after - b.after);
  for (const person of people) person.identify();
  const begun = here.clock.now();
  for (const { person, after, ahead } of moves) {
    await reached(here, begun + after);
    const startsAt = new Date(here.clock.now() + HOUR + ahead).toISOString();
    person.track('Appointment Rescheduled', { appointment: 'T-7', startsAt, place: 'London', zone: 'Europe/London' });
  }
  expect(here.errors).toEqual([]);
  const fates = new Map<string, number>();
  const count = (fate: string, times: number): unknown => fates.set(fate, (fates.get(fate) ?? 0) + times);
  const [late, overtaken]: [number[], number[]] = [[], []];
  for (const person of people) {
    const runs = await until('the reminders', () => runsOver(person));
    // A move that a busy machine receives after a later one lets nobody enter.
    count('received late', TIMES - runs.length);
    for (const [n, run] of runs.entries()) {
      const { fate, byMs } = fateOf(run, runs[n + 1]);
      count(fate, 1);
      if (fate === 'sent') late.push(byMs);
      if (fate === 'overtaken') overtaken.push(byMs);
    }
  }
  // A worker that is held up for long may send a second copy, under the same id.
  const arrived = (): number => new Set(here.smtp.messages.map(({ messageId }) => messageId)).size;
  await until('the mails', () => arrived() >= late.length);
  expect(arrived()).toBe(late.length);
  print(late);
  const most = Math.max(0, ...overtaken).toFixed(0);
  process.stdout.write(
    `${JSON.stringify(Object.fromEntries(fates))}, overtaken at most ${most} ms after they were due\n`,
  );
  // Otherwise this says little.
  expect(late.length).toBeGreaterThan(PEOPLE);
});

/** Returns a person's runs in the order of entry; null until all moves have arrived and all runs are over. */
async function runsOver({ id }: Person): Promise<Run[] | null> {
  const { knex } = here.database;
  const arrived = await knex('events').where({ user_id: id, name: 'Appointment Rescheduled', pending: false });
  const runs = await knex('runs').where({ user_id: id }).orderBy('entered_at').pluck<Run[]>('body');
  return arrived.length === TIMES && runs.every(({ endedAt }) => endedAt !== null) ? runs : null;
}

/**
 * Returns what became of a reminder, and how long after its instant, milliseconds. Expects that the journey waited for exactly this instant.
 * @param next the run of the next move, if there is one
 */
function fateOf({ trigger, journal, enteredAt, endedBy }: Run, next: Run | undefined): { fate: string; byMs: number } {
  const due = Date.parse(trigger.properties['startsAt'] as string) - HOUR;
  const movedAt = next?.enteredAt ?? Infinity;
  const wait = journal.find(({ step }) => step === 'one hour before');
  const send = journal.find(({ step }) => step === 'in an hour');
  // A busy client sends two moves in one request: the journey begins by the second one.
  if (movedAt === enteredAt) {
    expect(journal).toEqual([]);
    return { fate: 'moved', byMs: 0 };
  }
  if (due < enteredAt) {
    expect([wait?.outcome, send]).toEqual([false, undefined]);
    return { fate: 'over', byMs: 0 };
  }
  if (movedAt <= due) {
    expect(wait).toMatchObject({ status: 'waiting', until: due });
    return { fate: 'moved', byMs: 0 };
  }
  expect([wait?.at, send?.enteredAt]).toEqual([due, due]);
  if (send?.status === 'done') return { fate: 'sent', byMs: send.at - due };
  expect([send?.status, endedBy]).toEqual(['waiting', 'restart']);
  return { fate: 'overtaken', byMs: movedAt - due };
}
