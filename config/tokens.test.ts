import { signAnswer, signUnsubscribe, signUserToken, verifyAnswer, verifyUnsubscribe, verifyUserToken } from './tokens';

const secret = 'a secret of the tests, long enough to be one';
const unsubscribe = { userId: 'u1', channel: 'email', messageId: '6f1f6f2e-0000-5000-8000-000000000000' } as const;

test('an unsubscribe token identifies the user, the channel and the message', async () => {
  expect(await verifyUnsubscribe(secret, signUnsubscribe(secret, unsubscribe))).toEqual({
    ...unsubscribe,
    topic: null,
  });
});

test('an unsubscribe token is the same at every attempt and never expires', async () => {
  const token = signUnsubscribe(secret, unsubscribe);
  expect(signUnsubscribe(secret, unsubscribe)).toBe(token);
  const [, claims = ''] = token.split('.');
  expect(Buffer.from(claims, 'base64url').toString()).not.toContain('"exp"');
});

test('the token of an answer identifies the message and the choice, and is the same at every attempt', async () => {
  const answer = { messageId: unsubscribe.messageId, value: 'order' };
  const token = signAnswer(secret, answer);
  expect(await verifyAnswer(secret, token)).toEqual(answer);
  expect(signAnswer(secret, answer)).toBe(token);
  expect(await verifyAnswer(`${secret}!`, token)).toBeNull();
});

test('a user token identifies the user until it expires', async () => {
  expect(await verifyUserToken(secret, await signUserToken(secret, 'u1', 60_000))).toMatchObject({ userId: 'u1' });
  expect(await verifyUserToken(secret, await signUserToken(secret, 'u1', -60_000))).toBeNull();
});

test('a token for one purpose is not valid for another', async () => {
  expect(await verifyUserToken(secret, signUnsubscribe(secret, unsubscribe))).toBeNull();
  expect(await verifyAnswer(secret, signUnsubscribe(secret, unsubscribe))).toBeNull();
  expect(await verifyUnsubscribe(secret, signAnswer(secret, { ...unsubscribe, value: 'order' }))).toBeNull();
  expect(await verifyUnsubscribe(secret, await signUserToken(secret, 'u1', 60_000))).toBeNull();
});

test('a changed, unsigned or malformed token, or one signed with another secret, is refused', async () => {
  const token = await signUserToken(secret, 'u1', 60_000);
  const [head = '', claims = '', signature = ''] = token.split('.');
  const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const other = await signUserToken(`${secret}!`, 'u1', 60_000);
  const forged = [
    other,
    [head, encoded({ sub: 'u2', aud: 'user', exp: 9e9 }), signature].join('.'),
    [encoded({ alg: 'none' }), claims, ''].join('.'),
    'token',
    '',
  ];
  for (const attempt of forged) expect(await verifyUserToken(secret, attempt)).toBeNull();
});
