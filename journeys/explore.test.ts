import { exploreAll } from 'sojourn/testing';

test('the journeys that ship have no defects, whatever a person does', async () => {
  const explorations = await exploreAll(__dirname);
  expect(explorations.length).toBeGreaterThan(0);
  expect(explorations.filter(({ defects, bounds }) => defects.length > 0 || bounds.cut > 0)).toEqual([]);
  expect(explorations.filter(({ budget }) => budget === null)).toEqual([]);
});
