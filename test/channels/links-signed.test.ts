import crypto from 'node:crypto';
import { rendered } from '../../activities/channels/rendered';
import { verifyPreferences } from '../../config/tokens';
import { envelope, mjml, templatesOf } from './fixture';

const secret = 'a secret of the tests, long enough to be one';
const publicUrl = 'https://app.example.com';

test('the link of the preference page is signed only for a template that has it', async () => {
  const templates = await templatesOf({
    'onboarding/templates/plain.email.mjml': mjml('Hello'),
    'onboarding/templates/linked.email.mjml': mjml('<a href="{{ links.preferences }}">Preferences</a>'),
  });
  const sign = jest.spyOn(crypto, 'createHmac');
  const signaturesOf = async (template: string): Promise<{ html: string; signatures: number }> => {
    sign.mockClear();
    let html = '';
    await rendered({ templates, publicUrl, secret }, 'email', envelope({ template }), async (content) => {
      ({ html } = content);
      return { outcome: 'sent', providerId: null };
    });
    return { html, signatures: sign.mock.calls.length };
  };
  // The message can always be unsubscribed from.
  expect((await signaturesOf('plain')).signatures).toBe(1);
  const { html, signatures } = await signaturesOf('linked');
  expect(signatures).toBeGreaterThan(1);
  const [, token = ''] = /\/p\/([\w.-]+)/.exec(html) ?? [];
  expect(await verifyPreferences(secret, token)).toEqual('u1');
});
