import { policyChanges } from './changes';
import { policy } from './define';

it('a change of the policy is one line for each limit', () => {
  const before = policy({ caps: { email: { day: 2 }, journeys: { news: { week: 1 } } } });
  const after = policy({ caps: { email: { day: 1 } }, quietHours: null, zone: 'Europe/Berlin' });
  expect(policyChanges(before, after)).toEqual([
    'caps.email.day: 2 → 1',
    'journeyCaps.news.week: 1 → none',
    'quietHours: [{"from":"22:00","to":"08:00"}] → []',
    'zone: none → "Europe/Berlin"',
  ]);
  expect(policyChanges(after, after)).toEqual([]);
});
