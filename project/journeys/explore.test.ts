import { exploreAll } from 'sojourn/testing';

test('no journey has a defect, whatever a person does', async () => {
  const explorations = await exploreAll(__dirname);
  expect(explorations.length).toBeGreaterThan(0);
  expect(explorations.filter(({ defects }) => defects.length > 0)).toEqual([]);
});
