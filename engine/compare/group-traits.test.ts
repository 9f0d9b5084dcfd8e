import { journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import type { Definitions } from '../definitions/definitions';
import type { Json, JsonObject } from '../model/json';
import type { Run } from '../model/state';
import { compile } from '../outline/compile';
import { liveAgain } from '../simulate/sample';
import { signedUp, unrestrained } from '../testing/properties/catalogue';
import { replayLife, type Life, type LivedEvent, type SaidOfGroup } from './life';

/** In a stored life, a group has the traits that were known at the time, whoever had said them. */

const DAY = 86_400_000;
const BEGIN = Date.parse('2026-01-05T12:00:00Z');

const asking = journey('asking', { enter: signedUp }, async (j) => {
  for (const day of [1, 2, 3, 4]) {
    await j.pick(`company ${day}`, ({ group }) => [group().id, { ...group().traits }]);
    await j.sleep(`day ${day}`, '1 day');
  }
});
const defined = (): Promise<Definitions> =>
  compile({ journeys: [asking], lifecycle: lifecycle({ initial: 'new', rules: [] }), ...unrestrained, traits: {} });

const event = (name: string, type: string, days: number, properties: JsonObject): LivedEvent => {
  const at = BEGIN + days * DAY;
  return { id: `${name} ${days}`, type, name, at, receivedAt: at, properties };
};
const joins = (groupId: string, days: number, traits: JsonObject = {}): LivedEvent =>
  event('Group', 'group', days, { groupId, ...traits });
const said = (groupId: string, days: number, properties: JsonObject): SaidOfGroup => {
  return { groupId, receivedAt: BEGIN + days * DAY, properties };
};
const lifeOf = (events: readonly LivedEvent[], saidOfGroups: readonly SaidOfGroup[]): Life => ({
  id: 'ada',
  createdAt: BEGIN - DAY,
  traits: {},
  consent: {},
  hasPush: false,
  events: [...events, event('Signed Up', 'track', 0, { plan: 'free' })].sort((a, b) => a.receivedAt - b.receivedAt),
  saidOfGroups,
});

const answersIn = ([run]: readonly Run[]): Json[] =>
  (run?.journal ?? []).filter(({ kind }) => kind === 'pick').map(({ outcome }) => outcome ?? null);

it('what others said counts from when it was received, and what is not said again stays', async () => {
  const life = lifeOf(
    [joins('acme', -0.5, { seats: 5, plan: 'free' }), joins('acme', 2.5, { seats: 70 })],
    [said('acme', 1, { seats: 60 }), said('other', 1.5, { seats: 1 }), said('acme', 30, { plan: 'pro' })],
  );
  const expected = [5, 60, 60, 70].map((seats) => ['acme', { seats, plan: 'free' }]);
  const { runs } = await replayLife(life, await defined(), BEGIN + 20 * DAY);
  expect(answersIn(runs)).toEqual(expected);
  const period = { begin: BEGIN, end: BEGIN + 90 * DAY, known: BEGIN + 20 * DAY };
  const { host } = await liveAgain({ life, week: 3 }, await defined(), period);
  expect(answersIn(host.runs)).toEqual(expected);
});

it('what others said before the person joined is known to them then', async () => {
  const life = lifeOf(
    [joins('acme', -0.5), joins('umbrella', 1.5)],
    [
      said('umbrella', -30, { seats: 60 }),
      said('umbrella', 1, { plan: 'pro' }),
      said('acme', -30, { groupType: 'team' }),
    ],
  );
  const { runs } = await replayLife(life, await defined(), BEGIN + 20 * DAY);
  const umbrella = ['umbrella', { seats: 60, plan: 'pro' }];
  expect(answersIn(runs)).toEqual([['acme', {}], ['acme', {}], umbrella, umbrella]);
});
