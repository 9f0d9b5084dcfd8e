import { exploreAll } from 'sojourn/testing';

test('no example has a defect, whatever a person does', async () => {
  const explorations = await exploreAll(__dirname);
  expect(explorations.length).toBeGreaterThan(0);
  const wrong = explorations.filter(({ defects }) => defects.length > 0);
  expect(wrong.map(({ journey, defects }) => ({ journey, defects }))).toEqual([]);
});
