import { exploreAll } from '../../cli/explore-all';
import { loadDefinitions } from '../../config/definitions';
import { readEnvironment, SHIPPED_JOURNEYS } from '../../config/env';
import { DEMO_JOURNEYS, withDemoJourneys } from '../../dev/demo-app/settings';

const journeysOf = (environment: Record<string, string>): string =>
  withDemoJourneys(readEnvironment(environment)).journeysPath;

test('no journey of the demo has a defect, and each has a budget', async () => {
  const explorations = await exploreAll(DEMO_JOURNEYS);
  expect(explorations.filter(({ defects, bounds }) => defects.length > 0 || bounds.cut > 0)).toEqual([]);
  expect(explorations.filter(({ budget }) => budget === null)).toEqual([]);
});

test('the journeys of the demo stand beside those that ship, and only where the demo is served', () => {
  const shipped = readEnvironment({}).journeysPath;
  expect(journeysOf({})).toBe(DEMO_JOURNEYS);
  expect(journeysOf({ DEMO: 'false' })).toBe(shipped);
  expect(journeysOf({ DATABASE_URL: 'postgres://db/app' })).toBe(shipped);
  expect(journeysOf({ JOURNEYS: 'examples' })).toMatch(/examples$/);
});

test('all that is in the folder of the journeys is there with the demo', async () => {
  const [shipped, demo] = [await loadDefinitions(SHIPPED_JOURNEYS), await loadDefinitions(DEMO_JOURNEYS)];
  expect(demo.journeys).toEqual(expect.arrayContaining([...shipped.journeys]));
  expect(demo.events).toEqual(expect.arrayContaining([...shipped.events]));
  expect(demo.chats).toEqual(shipped.chats);
  expect(demo.flags).toEqual(shipped.flags);
  expect(demo.lifecycle).toEqual(shipped.lifecycle);
});
