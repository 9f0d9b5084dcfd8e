import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Provider } from '../../activities/providers/provider';
import { smtp } from '../../activities/providers/smtp';
import type { EmailContent } from '../../activities/templates/content';
import { emailProvider, sendTest } from '../../cli/send-test';
import { SHIPPED_JOURNEYS } from '../../config/env';
import { mjml } from '../channels/fixture';
import { inTemporaryFolder } from '../support/folder';
import { startSmtp, type TestSmtp } from '../support/smtp';

let server: TestSmtp;
let provider: Provider<EmailContent>;
beforeAll(async () => {
  server = await startSmtp();
  provider = smtp({ url: server.url, from: 'hello@example.com', hostname: 'app.example.com' });
});
afterAll(async () => {
  await provider.close();
  await server.stop();
});

const mail = { journeys: SHIPPED_JOURNEYS, journey: 'onboarding', step: 'welcome', to: 'ada@example.com' };

test('the email of a step goes to the address, with its example data and a mark', async () => {
  const subject = await sendTest(mail, provider);
  expect(subject).toMatch(/^\[Test\] \S/);
  expect(server.messages.at(-1)).toMatchObject({ to: 'ada@example.com', subject });
  expect(server.messages.at(-1)?.mail.headers.has('list')).toBe(false);
});

test('the language is the one that is asked for, and copies are left out', async () => {
  await inTemporaryFolder(async (folder) => {
    const journeys = join(folder, 'journeys');
    await cp(SHIPPED_JOURNEYS, journeys, { recursive: true });
    await symlink(resolve('node_modules'), join(folder, 'node_modules'));
    const german = mjml('Hallo', 'subject: Willkommen ({{ user.traits.locale }})\ncc: eve@example.com');
    await writeFile(join(journeys, 'onboarding', 'templates', 'welcome.de.email.mjml'), german);
    expect(await sendTest({ ...mail, journeys, locale: 'de-AT' }, provider)).toBe('[Test] Willkommen (de-AT)');
    expect(server.messages.at(-1)?.mail.cc).toBeUndefined();
  });
});

test.each([
  [{ journey: 'onbording' }, /^No journey 'onbording' sends an email\. There are .*onboarding/],
  [{ step: 'wellcome' }, /^The journey 'onboarding' has no step 'wellcome' that sends an email\. There are .*welcome/],
  [{ to: 'ada' }, "'ada' is not an email address."],
])('a mistake such as %j is explained', async (mistake, problem) => {
  await expect(sendTest({ ...mail, ...mistake }, provider)).rejects.toThrow(problem);
});

test('a provider that does not take the email is an error with its words', async () => {
  server.behave({ kind: 'refuse', code: 550 });
  await expect(sendTest(mail, provider)).rejects.toThrow(/^smtp did not take the email: 550 /);
});

test('the provider is the first one of channels/email, and otherwise the mail server of SMTP_URL', async () => {
  await inTemporaryFolder(async (folder) => {
    const JOURNEYS = join(folder, 'journeys');
    await cp(SHIPPED_JOURNEYS, JOURNEYS, { recursive: true });
    await symlink(resolve('node_modules'), join(folder, 'node_modules'));
    const plain = { JOURNEYS, MAIL_FROM: 'hello@example.com' };
    await expect(emailProvider(plain)).rejects.toThrow('SMTP_URL must be set');
    await mkdir(join(JOURNEYS, 'channels'), { recursive: true });
    const relays =
      "smtp({ name: 'relay', url: { env: 'RELAY_URL' } }), smtp({ name: 'other', url: { env: 'OTHER_URL' } })";
    const setup = `import { email, smtp } from 'sojourn';\nexport default email({ providers: [${relays}] });\n`;
    await writeFile(join(JOURNEYS, 'channels', 'email.ts'), setup);
    await expect(emailProvider(plain)).rejects.toThrow('RELAY_URL must be set');
    server.behave({ kind: 'accept' });
    const relay = await emailProvider({ ...plain, RELAY_URL: server.url });
    const subject = await sendTest({ ...mail, journeys: JOURNEYS }, relay).finally(() => relay.close());
    expect([relay.name, server.messages.at(-1)?.subject]).toEqual(['relay', subject]);
  });
});
