import { journey, type Journey, type JourneyOptions } from '../authoring/journey';
import type { Definitions } from '../definitions/definitions';
import { lifecycle } from '../authoring/lifecycle';
import type { Run, UserEvent } from '../model/state';
import { compile } from '../outline/compile';
import { orderPlaced, signedUp, unrestrained } from '../testing/properties/catalogue';
import { MemoryHost } from '../testing/memory-host';
import { ENTER } from '../user/commands';
import { inactivity } from '../user/triggers';

/** A silence lets a user enter once, and never so often that an advance does not end. */

const BEGIN = Date.parse('2026-01-05T12:00:00Z');
const DAY = 86_400_000;

const define = (...journeys: readonly Journey[]): Promise<Definitions> =>
  compile({ journeys, lifecycle: lifecycle({ initial: 'new', rules: [] }), ...unrestrained, traits: {} });

async function quiet(...journeys: readonly Journey[]): Promise<MemoryHost> {
  return new MemoryHost({ id: 'ada', traits: {}, reachable: ['email'], createdAt: BEGIN }, await define(...journeys));
}

const keyed = (options: Partial<JourneyOptions>): Journey =>
  journey(
    'quiet',
    {
      enter: inactivity('2 days'),
      key: ({ properties: { orderId } }) => orderId as string | undefined,
      reenter: 'always',
      ...options,
    },
    (j) => j.sleep('a week', '7 days'),
  );

const daysOf = ({ key, enteredAt }: Run): unknown => [key, (enteredAt - BEGIN) / DAY];

const starting = journey('starting', { enter: signedUp }, async (j) => {
  await j.start('quietly', 'quiet', { key: 'o-1' });
});

it('while as many runs are open as may be, a silence lets nobody enter; if it lasts, it does when one has ended', async () => {
  const full = keyed({ maxOpenRuns: 1 });
  const ada = await quiet(starting, full);
  await ada.receive('Signed Up', { plan: 'free' }, BEGIN);
  await ada.passUntil(BEGIN + 6 * DAY);
  expect(ada.runs.filter((run) => run.journey === 'quiet').map(daysOf)).toEqual([['o-1', 0]]);
  await ada.passUntil(BEGIN + 30 * DAY);
  expect(ada.runs.filter((run) => run.journey === 'quiet').map(daysOf)).toEqual([
    ['o-1', 0],
    [null, 7],
  ]);

  const bob = await quiet(full);
  await bob.receive(`${ENTER}quiet`, { orderId: 'o-1' }, BEGIN);
  await bob.passUntil(BEGIN + 30 * DAY);
  expect(bob.runs.map(daysOf)).toEqual([
    ['o-1', 0],
    [null, 7],
  ]);
});

it('edits of the trigger do not let the same silence enter twice', async () => {
  const ada = await quiet(keyed({ reenter: 'restart' }));
  const happensTo = (id: string, at: number): Omit<UserEvent, 'pending'> => {
    return { id, name: 'Order Placed', at, receivedAt: at, properties: { orderId: id }, active: false };
  };
  await ada.take([{ ...happensTo('1', BEGIN), name: 'Signed Up', active: true }], BEGIN);
  await ada.passUntil(BEGIN + 3 * DAY);
  const bySilence = ada.definitions;
  ada.definitions = await define(keyed({ enter: orderPlaced, reenter: 'restart' }));
  await ada.take([happensTo('2', BEGIN + 4 * DAY)], BEGIN + 4 * DAY);
  ada.definitions = bySilence;
  await ada.decide(BEGIN + 5 * DAY);
  expect(ada.runs.map(daysOf)).toEqual([
    [null, 2],
    ['2', 4],
  ]);
});
