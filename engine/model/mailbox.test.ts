import { mailboxFlaw } from './mailbox';
import { emailAddress } from './reach';

test.each([
  'ada@example.com',
  'ada@müller.example',
  'ada@xn--mller-kva.example',
  'あだ@例え.テスト',
  'ada@localhost',
  'ada@exa_mple.com',
  `${'a'.repeat(64)}@example.com`,
  `a@${'b'.repeat(63)}.com`,
])('%s is an address', (address) => {
  expect([mailboxFlaw(address), emailAddress({ email: address })]).toEqual([null, address]);
});

test.each([
  ['a@xn--', 'no domain name after the @'],
  ['a@xn--a', 'no domain name after the @'],
  ['a@example.com.', 'no domain name after the @'],
  ['a@.example.com', 'no domain name after the @'],
  ['a@example..com', 'no domain name after the @'],
  ['a@[127.0.0.1]', 'no domain name after the @'],
  ['a@127.0.0.1', 'no domain name after the @'],
  ['a@1', 'no domain name after the @'],
  ['a@example.com/x', 'no domain name after the @'],
  ['a@example.com:25', 'no domain name after the @'],
  ['a@exam(p)le.com', 'no domain name after the @'],
  ['a@exa\u0001mple.com', 'no domain name after the @'],
  [`a@${'b'.repeat(64)}.com`, 'no domain name after the @'],
  [`${'a'.repeat(65)}@example.com`, 'too long'],
  [`${'é'.repeat(33)}@example.com`, 'too long'],
  [`a@${`${'b'.repeat(62)}.`.repeat(4)}com`, 'too long'],
])('%j is no address that a mail server takes: %s', (address, flaw) => {
  expect([mailboxFlaw(address), emailAddress({ email: address })]).toEqual([flaw, null]);
});
