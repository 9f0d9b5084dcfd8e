import { email, journey, lifecycle, manual, policy, sms, smtp, twilioSms, webPush } from '../engine';
import { compile } from '../engine/outline/compile';
import { readProviderSettings, requireProviderSettings, unsentSteps, withDefaults } from './channel-setups';

const NO_FALLBACK = { smtpFallbackUrl: null };

test('without a file, emails go to the mail server of the environment, and to the fallback only if that fails', () => {
  const [only] = withDefaults([], NO_FALLBACK);
  expect(only?.providers.map(({ name, weight }) => [name, weight])).toEqual([['smtp', 1]]);
  const [both] = withDefaults([], { smtpFallbackUrl: 'smtp://b' });
  expect(both?.providers.map(({ name, weight }) => [name, weight])).toEqual([
    ['smtp', 1],
    ['smtp-fallback', 0],
  ]);
});

test('a file of the channel replaces the mail server of the environment', () => {
  const own = email({ rate: '14/second', providers: [smtp({ url: { env: 'RELAY_URL' } })] });
  expect(withDefaults([own, webPush({ rate: '100/minute' })], NO_FALLBACK)).toEqual([own, expect.anything()]);
  expect(own.rate).toEqual({ most: 14, perMs: 1_000 });
});

test('a setting is read from its variable, and can be a value as it is', () => {
  const use = smtp({ url: { env: 'RELAY_URL' }, from: 'Ada <ada@example.com>' });
  const { settings, missing } = readProviderSettings(use, { RELAY_URL: 'smtp://relay' });
  expect([settings.text('url'), settings.text('from'), missing]).toEqual(['smtp://relay', 'Ada <ada@example.com>', []]);
});

test('every variable that is missing is named at once', () => {
  const setup = email({ providers: [smtp(), smtp({ name: 'relay', url: { env: 'RELAY_URL' } })] });
  expect(() => requireProviderSettings([setup], { MAIL_FROM: 'a@b', SMTP_URL: '' })).toThrow(
    'The environment is not valid:\n' +
      '  - SMTP_URL must be set, for the provider smtp of the channel email\n' +
      '  - RELAY_URL must be set, for the provider relay of the channel email',
  );
});

test('a channel that could send nothing is refused where it is written', () => {
  expect(() => email({ providers: [] })).toThrow('email: expected at least one provider');
  expect(() => email({ providers: [smtp(), smtp()] })).toThrow("email: two providers have the name 'smtp'");
  expect(() => email({ providers: [smtp({ weight: 0 })] })).toThrow('at least one provider needs a weight above 0');
  expect(() => smtp({ weight: -1 })).toThrow('smtp: weight must be a number of 0 or more');
  expect(() => smtp({ name: 'a b' })).toThrow("smtp: not a name of a provider: 'a b'");
  // @ts-expect-error A rate without a unit does not compile.
  expect(() => email({ rate: '14', providers: [smtp()] })).toThrow("Not a rate: '14'");
});

test('a step that sends by a channel of which nothing says how it sends is named, with the file to write', async () => {
  const alarm = journey('alarm', { enter: manual() }, async (j) => {
    await j.send('call', { sms: 'alarm', inApp: 'alarm' });
  });
  const definitions = await compile({
    journeys: [alarm],
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    policy: policy(),
    traits: {},
  });
  expect(unsentSteps(definitions, [])).toEqual([
    { journey: 'alarm', step: 'call', channel: 'sms', text: expect.stringContaining('no file channels/sms') as string },
  ]);
  expect(unsentSteps(definitions, [sms({ providers: [twilioSms()] })])).toEqual([]);
});
