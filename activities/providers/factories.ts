import type { ProviderSettings, Sending } from '../../config/channel-setups';
import type { ChannelName } from '../../engine/model/state';
import type { MessageReferences } from '../../store/message-references';
import type { ContentOf, Contents } from '../templates/load';
import { apns } from './apns';
import { braze } from './braze';
import type { DeviceMessage } from './device-message';
import { fcm } from './fcm';
import { oneSignal } from './one-signal';
import { postmark } from './postmark';
import type { Provider } from './provider';
import { remembered } from './remembered';
import { resend } from './resend';
import { sendGrid } from './sendgrid';
import { ses } from './ses';
import { slackChannel } from './slack';
import { smtp } from './smtp';
import { teamsChannel } from './teams';
import { twilioSms, twilioVoice, twilioWhatsApp, type TwilioOptions } from './twilio';
import { webhook } from './webhook';
import type { PushContent } from '../templates/push-content';

/** What all providers of an installation share. */
export interface ProviderParts extends Sending {
  /** The host of our public URL. */
  readonly hostname: string;
  readonly publicUrl: string;
  /** Which message a provider means by its own id. */
  readonly references: MessageReferences;
  /**
   * A mail server of this machine, which gets the messages of a channel as mails if none of its providers has its settings. Null where
   * messages are for people: then a missing setting is an error.
   */
  readonly mailboxUrl: string | null;
}

/** Makes a provider of its settings. */
export type Factory<Content> = (
  settings: ProviderSettings,
  parts: ProviderParts & { readonly name: string },
) => Provider<Content>;

/** The providers of each channel, by type: the one that `providerType` declares in `engine/authoring/providers.ts`. */
export const FACTORIES = {
  email: {
    smtp: (settings, { hostname, name }) =>
      smtp({ name, url: settings.text('url'), from: settings.text('from'), hostname }),
    postmark: (settings, { hostname, name }) =>
      postmark({
        name,
        hostname,
        from: settings.text('from'),
        token: settings.text('token'),
        ...given(settings, 'stream', 'transactionalStream', 'url'),
      }),
    sendGrid: (settings, { hostname, name }) =>
      sendGrid({
        name,
        hostname,
        from: settings.text('from'),
        apiKey: settings.text('apiKey'),
        ...given(settings, 'url'),
      }),
    resend: (settings, { hostname, name }) =>
      resend({
        name,
        hostname,
        from: settings.text('from'),
        apiKey: settings.text('apiKey'),
        ...given(settings, 'url'),
      }),
    ses: (settings, { hostname, name }) =>
      ses({
        name,
        hostname,
        from: settings.text('from'),
        region: settings.text('region'),
        credentials: {
          accessKeyId: settings.text('accessKeyId'),
          secretAccessKey: settings.text('secretAccessKey'),
          ...given(settings, 'sessionToken'),
        },
        ...given(settings, 'configurationSet', 'url'),
      }),
  },
  push: {
    fcm: (settings, { name }) =>
      fcm({ name, serviceAccount: settings.text('serviceAccount'), url: settings.text('url') }),
    apns: (settings, { name }) =>
      apns({
        name,
        key: settings.text('key'),
        keyId: settings.text('keyId'),
        teamId: settings.text('teamId'),
        topic: settings.text('topic'),
        sandbox: settings.text('environment') === 'sandbox',
      }),
  },
  sms: { twilioSms: (settings, parts) => twilioSms(twilio(settings, parts)) },
  voice: { twilioVoice: (settings, parts) => twilioVoice(twilio(settings, parts)) },
  whatsApp: { twilioWhatsApp: (settings, parts) => twilioWhatsApp(twilio(settings, parts)) },
  webhook: {
    endpoint: (settings, { name, publicUrl }) => {
      const former = settings.optional('formerSecret');
      return webhook({
        name,
        publicUrl,
        url: settings.text('url'),
        secrets: [settings.text('secret'), ...(former === null ? [] : [former])],
        isPrivate: settings.text('network') === 'private',
      });
    },
  },
  slack: { slackChannel: (settings, { name }) => slackChannel({ name, url: settings.text('url') }) },
  teams: { teamsChannel: (settings, { name }) => teamsChannel({ name, url: settings.text('url') }) },
} satisfies { readonly [Channel in keyof Contents]?: Readonly<Record<string, Factory<Handed<Channel>>>> };

/** The providers of push messages that know a person's devices by the id of the user, by type. */
export const USER_ID_FACTORIES = {
  oneSignal: (settings, { name, references }) =>
    remembered(
      oneSignal({ name, appId: settings.text('appId'), apiKey: settings.text('apiKey'), ...given(settings, 'url') }),
      'oneSignal',
      references,
    ),
  braze: (settings, { name, references }) =>
    remembered(braze({ name, apiKey: settings.text('apiKey'), url: settings.text('url') }), 'braze', references),
} satisfies Readonly<Record<string, Factory<PushContent>>>;

/** What the providers of a channel get: what its templates render to, and for push also the device. */
export type Handed<Channel extends ChannelName> = (Channel extends 'push' ? DeviceMessage : ContentOf<Channel>) &
  object;

/** Those of the settings that are given. */
function given<Name extends string>(
  settings: ProviderSettings,
  ...names: readonly Name[]
): { readonly [Key in Name]?: string } {
  const values = names.flatMap((name) => {
    const value = settings.optional(name);
    return value === null ? [] : [[name, value] as const];
  });
  return Object.fromEntries(values) as { readonly [Key in Name]?: string };
}

function twilio(
  settings: ProviderSettings,
  { name, publicUrl }: ProviderParts & { readonly name: string },
): TwilioOptions {
  return {
    name,
    publicUrl,
    accountSid: settings.text('accountSid'),
    authToken: settings.text('authToken'),
    from: settings.text('from'),
    ...given(settings, 'url'),
  };
}
