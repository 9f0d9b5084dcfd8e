import { providersOf } from '../../activities/providers';
import { ConfigError } from '../../config/env';
import { webhook } from '../../engine/authoring/channel-setup';
import { endpoint } from '../../engine/authoring/providers';

test('a setting that a provider cannot use is a mistake of the environment, and names its provider', () => {
  const open = (): unknown =>
    providersOf('webhook', {
      setups: [webhook({ providers: [endpoint({ name: 'crm' })] })],
      environment: { WEBHOOK_URL: 'https://crm.example.com/hook', WEBHOOK_SECRET: 'short' },
      hostname: 'localhost',
      publicUrl: 'https://journeys.example.com',
      mailboxUrl: null,
      references: { add: async () => undefined },
    });
  expect(open).toThrow(ConfigError);
  expect(open).toThrow("crm: A secret of the webhook endpoint 'crm' is not whsec_");
  expect(open).not.toThrow('short');
});
