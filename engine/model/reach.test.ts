import { emailAddress, reachableBy } from './reach';

it.each(['ada@example.com', 'ada+shop@mail.example', 'jürgen@bücher.example', 'ada@localhost'])(
  '%s is an address',
  (email) => expect(emailAddress({ email })).toBe(email),
);

it.each([
  'ada',
  '@example.com',
  'ada@',
  'ada lovelace@example.com',
  ' ada@example.com',
  'ada@example.com\nBcc: all@example.com',
  'Ada <ada@example.com>',
  'ada@example.com,eve@example.com',
  'a@b@c',
  `${'a'.repeat(65)}@example.com`,
  7,
  null,
  { at: '@' },
])('%j is not an address, and email is not among the channels', (email) => {
  expect(emailAddress({ email })).toBeNull();
  expect(reachableBy({ email }, true)).toEqual(['webPush', 'inApp']);
});
