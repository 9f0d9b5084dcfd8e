import { emailAddress, emailFlaw, reachableBy, unreachableReason } from './reach';

it.each(['ada@example.com', 'ada+shop@mail.example', 'jürgen@bücher.example', 'ada@localhost'])(
  '%s is an address',
  (email) => expect(emailAddress({ email })).toBe(email),
);

it.each([
  ' ada@example.com',
  'ada@example.com\r\n',
  '\ufeffada@example.com',
  '\u200bada@example.com\u00a0\u200e',
  '\tada@example.com\u2060',
])('%j is an address with something copied along', (email) => {
  expect(emailAddress({ email })).toBe('ada@example.com');
  expect(reachableBy({ email }, false)).toEqual(['email', 'inApp']);
});

it.each([
  ['not text', 7],
  ['more than one address', 'ada@example.com,eve@example.com'],
  ['a name or quotes beside the address', 'Ada <ada@example.com>'],
  ['a space or an invisible character inside', 'ada lovelace@example.com'],
  ['a space or an invisible character inside', 'ada@exam\u200bple.com'],
  ['a space or an invisible character inside', 'ada@exam\u0007ple.com'],
  ['no @', 'ada'],
  ['more than one @', 'a@b@c'],
  ['nothing before or after the @', 'ada@'],
  ['too long', `${'a'.repeat(65)}@example.com`],
])('the reason says what is wrong with an address: %s', (flaw, email) => {
  expect(emailFlaw({ email })).toBe(flaw);
  expect(unreachableReason({ email }, 'email')).toBe(`unreadable address: ${flaw}`);
  expect(unreachableReason({ email }, 'webPush')).toBe('no address');
});

it.each([{}, { email: null }, { email: '' }, { email: ' \ufeff' }, { email: 'ada@example.com' }])(
  'nothing is wrong with %j',
  (traits) => {
    expect(emailFlaw(traits)).toBeNull();
    expect(unreachableReason(traits, 'email')).toBe('no address');
  },
);

it.each([
  'ada',
  '@example.com',
  'ada@',
  'ada lovelace@example.com',
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
  expect(reachableBy({ email }, false, true)).toEqual(['push', 'inApp']);
});
