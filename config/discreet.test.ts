import { withoutPersonalData } from './discreet';

const ADA = {
  id: 'u-4711',
  traits: { email: 'ada@example.com', firstName: 'Ada', plan: 'pro', language: 'en', seats: 12 },
};

it.each([
  ['no account for ada@example.com', 'no account for …'],
  ['no account for grace@example.org', 'no account for …'],
  ['ADA has no plan, and Adam has none either', '… has no plan, and Adam has none either'],
  ['the process of u-4711 is no profit', 'the process of … is no profit'],
  ['GET https://crm.example.com/people/7?key=x failed', 'GET https://crm.example.com… failed'],
  ['call +49 (30) 123-4567 for more', 'call … for more'],
  ['bad token eyJhbGciOiJIUzI1NiJ9abc_1', 'bad token …'],
  ['connect ECONNREFUSED: 503 after 3 attempts', 'connect ECONNREFUSED: 503 after 3 attempts'],
])('%s is logged as: %s', (message, logged) => {
  expect(withoutPersonalData(message, ADA)).toBe(logged);
});

it('a long message is cut, and a value with special characters is found', () => {
  expect(withoutPersonalData('x '.repeat(400), {})).toHaveLength(300);
  expect(withoutPersonalData('no user (a+b)* here', { name: '(a+b)*' })).toBe('no user … here');
});
