import { searchableJourneys } from '../../workflows/search-attributes';

test('a long list of journeys is cut to the size that the server accepts', () => {
  const ids = Array.from({ length: 60 }, (_, index) => `a-journey-with-a-name-of-forty-letters-${10 + index}`);
  const shown = searchableJourneys(ids);
  expect(shown).toEqual(ids.slice(0, shown.length));
  expect(JSON.stringify(shown).length).toBeLessThan(2_048);
  expect(shown.length).toBeGreaterThan(30);
  expect(searchableJourneys(['onboarding', 'dormancy'])).toEqual(['onboarding', 'dormancy']);
});
