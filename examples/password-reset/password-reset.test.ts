import { templatesIn, traveller } from 'sojourn/testing';
import { passwordResetRequested } from '../events';
import policy from '../policy';
import passwordReset from './journey';

const link = (n: number) => ({ request: `R-${n}`, link: `https://example.com/reset/${n}` });
const options = { with: { policy }, templates: templatesIn('examples') };

test('the mail goes out at once, at night, over the caps and to the unsubscribed', async () => {
  const ada = traveller(passwordReset, { ...options, at: '2026-01-06T03:00:00Z', consent: { email: false } });
  for (let n = 1; n <= 10; n++) await ada.track(passwordResetRequested, link(n));
  expect(ada.messages).toHaveLength(10);
  expect(ada.messages).toMatchObject(ada.messages.map(() => ({ decidedAt: ada.now })));
});

test('asked three times: three mails, each with its own link', async () => {
  const ada = traveller(passwordReset, options);
  for (const n of [1, 2, 3]) await ada.track(passwordResetRequested, link(n));
  expect(ada.mailbox.map(({ text }) => /reset\/\d/.exec(text)?.[0])).toEqual(['reset/1', 'reset/2', 'reset/3']);
});

test('a mail that could not go out within the hour is not sent: its link is dead', async () => {
  const ada = traveller(passwordReset, options);
  await ada.track(passwordResetRequested, link(1));
  const [mail] = ada.messages;
  expect(mail).toMatchObject({ expiresAt: ada.now + 3_600_000 });
});

test('an hour after the request the link is stored nowhere', async () => {
  const ada = traveller(passwordReset, options);
  await ada.track(passwordResetRequested, link(1));
  await ada.forward('1 hour');
  expect(JSON.stringify([ada.runs, ada.messages])).toContain('reset/1');
  await ada.forward('1 millisecond');
  expect(JSON.stringify([ada.runs, ada.messages])).not.toContain('reset/1');
});
