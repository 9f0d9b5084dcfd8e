import { checkTemplate } from '../../activities/templates/check';
import { emailChannel } from '../../activities/channels/email';
import { smtp } from '../../activities/providers/smtp';
import type { JsonObject } from '../../engine/model/json';
import { startSmtp } from '../support/smtp';
import { context, envelope, mjml, templatesOf, unhurried } from './fixture';

const push = (title: string): string => `title: ${title}\nbody: x\nurl: /x\n`;
const FILES = {
  'a/templates/x.web-push.yaml': push('Hello'),
  'a/templates/x.de.web-push.yaml': push('Hallo'),
  'a/templates/x.pt-BR.web-push.yaml': push('Oi'),
  'a/templates/x.zh-Hant.web-push.yaml': push('您好'),
  'templates/x.web-push.yaml': push('Shared'),
  'templates/x.fr.web-push.yaml': push('Partagé'),
};

test.each([
  [null, 'Hello'],
  ['en', 'Hello'],
  ['de', 'Hallo'],
  ['de-AT', 'Hallo'],
  ['DE-at', 'Hallo'],
  ['de-a-x1', 'Hallo'],
  ['pt-br', 'Oi'],
  ['pt', 'Hello'],
  ['zh-Hant-TW', '您好'],
  ['zh-TW', 'Hello'],
  // The journey's own template takes the place of the shared one in every language.
  ['fr', 'Hello'],
])('for the language %s the title is %s', async (language, title) => {
  const templates = await templatesOf(FILES);
  expect(templates.get('a', 'webPush', 'x', language).render(context).title).toBe(title);
  expect(templates.languagesOf('a', 'webPush', 'x')).toEqual(['de', 'pt-BR', 'zh-Hant']);
});

test('a journey without a template of its own gets the shared one in the language', async () => {
  const templates = await templatesOf(FILES);
  const titles = ['fr-CA', 'de'].map((one) => templates.get('b', 'webPush', 'x', one).render(context).title);
  expect(titles).toEqual(['Partagé', 'Shared']);
});

test('a file is for a language only beside the template without it, and only if the language exists', async () => {
  const templates = await templatesOf({
    'a/templates/order.web-push.yaml': push('Order'),
    'a/templates/order.old.web-push.yaml': push('Old'),
    'a/templates/welcome.de.web-push.yaml': push('Hallo'),
  });
  expect(templates.languagesOf('a', 'webPush', 'order')).toEqual([]);
  expect(templates.get('a', 'webPush', 'order.old').render(context).title).toBe('Old');
  expect(templates.get('a', 'webPush', 'welcome.de').render(context).title).toBe('Hallo');
  expect(() => templates.get('a', 'webPush', 'welcome', 'de')).toThrow('there is no templates/welcome.web-push.yaml');
  expect(
    templates
      .ownOf('a')
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['order', 'order.old', 'welcome.de']);
});

test('a variant is no template of its own', async () => {
  expect((await templatesOf(FILES)).ownOf('a')).toEqual([{ channel: 'webPush', name: 'x' }]);
});

test('the check looks at every language', async () => {
  const templates = await templatesOf({
    'a/templates/x.web-push.yaml': push('Hello'),
    'a/templates/x.de.web-push.yaml': push('"Hallo {{ user.traits.vorname }}"'),
    'a/templates/x.fr.web-push.yaml': 'title: Salut',
  });
  expect(checkTemplate(templates, { journey: 'a', step: 's', channel: 'webPush', name: 'x', context })).toEqual([
    expect.stringContaining('a/templates/x.de.web-push.yaml:1: unknown variable user.traits.vorname in title'),
    expect.stringContaining('a/templates/x.fr.web-push.yaml:1: body is missing'),
    expect.stringContaining('a/templates/x.fr.web-push.yaml:1: url is missing'),
  ]);
});

test('what a variant reads of the answers of steps is loaded for all', async () => {
  const templates = await templatesOf({
    'a/templates/x.web-push.yaml': push('"{{ steps.coupon.code }}"'),
    'a/templates/x.de.web-push.yaml': push('"{{ steps.rabatt.code }}"'),
  });
  expect(templates.answersRead).toEqual({ 'a/webPush/x': ['coupon', 'rabatt'] });
});

test('a person gets the email of their language', async () => {
  const server = await startSmtp();
  const templates = await templatesOf({
    'onboarding/templates/welcome.email.mjml': mjml('Hello', 'subject: Welcome'),
    'onboarding/templates/welcome.de.email.mjml': mjml('Hallo', 'subject: Willkommen\nlang: de'),
  });
  const providers = [smtp({ url: server.url, from: 'hello@example.com', hostname: 'app.example.com' })];
  const secret = 'a secret of the tests, long enough to be one';
  const email = emailChannel({ providers, templates, publicUrl: 'https://app.example.com', secret });
  const people: readonly JsonObject[] = [{ locale: 'de_AT' }, { locale: 'fr' }, {}];
  for (const traits of people)
    await email.deliver(
      envelope({ user: { ...context.user, traits: { email: 'ada@example.com', ...traits } } }),
      unhurried(),
    );
  await email.close();
  await server.stop();
  expect(server.messages.map(({ subject }) => subject)).toEqual(['Willkommen', 'Welcome', 'Welcome']);
  expect(server.messages[0]?.mail.html).toContain('<html lang="de"');
});
