import { exploreAll } from 'sojourn/testing';

test('no journey has a defect, whatever a person does, and each has a budget', async () => {
  const explorations = await exploreAll(__dirname);
  expect(explorations.length).toBeGreaterThan(0);
  expect(explorations.filter(({ defects, bounds }) => defects.length > 0 || bounds.cut > 0)).toEqual([]);
  expect(explorations.filter(({ budget }) => budget === null)).toEqual([]);
});
