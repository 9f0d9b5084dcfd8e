import { exploreAll } from '../cli/explore';

test('the journeys that ship have no defects, whatever a person does', async () => {
  const explorations = await exploreAll(__dirname);
  const found = explorations.map(({ journey, defects, bounds }) => ({ journey, defects, cut: bounds.cut }));
  expect(found).toEqual(
    ['dormancy', 'milestones', 'onboarding', 'order-updates', 'win-back'].map((journey) => ({
      journey,
      defects: [],
      cut: 0,
    })),
  );
  expect(explorations.filter(({ budget }) => budget === null)).toEqual([]);
});
