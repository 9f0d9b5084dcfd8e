import { email, type ChannelSetup } from '../engine/authoring/channel-setup';
import type { ProviderUse } from '../engine/authoring/provider-use';
import { smtp } from '../engine/authoring/providers';
import type { Definitions } from '../engine/definitions/definitions';
import type { ChannelName } from '../engine/model/channels';
import { getOwn } from '../engine/model/own-property';
import type { Config } from './config';
import type { LoadedDefinitions } from './definitions';
import { DefinitionsError } from './definitions-error';
import { ConfigError } from './env';
import type { Environment } from './rule';

/** The settings of a provider, read from the environment. */
export class ProviderSettings {
  constructor(private readonly values: Readonly<Record<string, string | null>>) {}

  /**
   * The value of a setting.
   * @throws {Error} when its type of provider declares none of that name
   */
  text(name: string): string {
    const value = this.optional(name);
    if (value === null) throw new Error(`the setting '${name}' is not declared as one that must be set`);
    return value;
  }

  /** All settings that are set, by name. */
  all(): Readonly<Record<string, string>> {
    const set = Object.entries(this.values).flatMap(([name, value]) =>
      value === null ? [] : [[name, value] as const],
    );
    return Object.fromEntries(set);
  }

  /** The value of a setting; null when it is not set. */
  optional(name: string): string | null {
    return this.values[name] ?? null;
  }
}

/** The setups of all channels: those of the team, and for email the mail servers of the environment if there is none. */
export function withDefaults(
  setups: readonly ChannelSetup[],
  { smtpFallbackUrl }: Pick<Config, 'smtpFallbackUrl'>,
): readonly ChannelSetup[] {
  if (setups.some(({ channel }) => channel === 'email')) return setups;
  const fallback = smtp({ name: 'smtp-fallback', url: { env: 'SMTP_FALLBACK_URL' }, weight: 0 });
  return [...setups, email({ providers: [smtp(), ...(smtpFallbackUrl === null ? [] : [fallback])] })];
}

/** The environment of the process, with what `npm start` provides where a variable is not set. */
export function providerEnvironment(
  environment: Environment,
  { smtpUrl, smtpFallbackUrl, mailFrom }: Pick<Config, 'smtpUrl' | 'smtpFallbackUrl' | 'mailFrom'>,
): Environment {
  return {
    ...environment,
    MAIL_FROM: mailFrom,
    ...(smtpUrl !== null && { SMTP_URL: smtpUrl }),
    ...(smtpFallbackUrl !== null && { SMTP_FALLBACK_URL: smtpFallbackUrl }),
  };
}

/** Reads the settings of a provider. `missing` has the variables that must be set and are not. An empty variable counts as not set. */
export function readProviderSettings(
  { settings }: ProviderUse,
  environment: Environment,
): { readonly settings: ProviderSettings; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const values: [string, string | null][] = Object.entries(settings).map(([name, { from, otherwise }]) => {
    if (typeof from === 'string') return [name, from];
    const value = environment[from.env] || otherwise;
    if (value === undefined) missing.push(from.env);
    return [name, value ?? null];
  });
  return { settings: new ProviderSettings(Object.fromEntries(values)), missing };
}

/** Channels that send without a file that says how. For email the environment does. */
const READY: readonly string[] = ['email', 'webPush', 'inApp'];

/** What a file of a channel that ships may export. */
const EXAMPLES: Readonly<Record<string, string>> = {
  push: 'push({ providers: [fcm(), apns()] })',
  sms: 'sms({ providers: [twilioSms()] })',
  voice: 'voice({ providers: [twilioVoice()] })',
  whatsApp: 'whatsApp({ providers: [twilioWhatsApp()] })',
  webhook: 'webhook({ providers: [endpoint()] })',
  slack: 'slack({ providers: [slackChannel()] })',
  teams: 'teams({ providers: [teamsChannel()] })',
};

/** A step that sends by a channel of which nothing says how it sends. */
export interface UnsentStep {
  readonly journey: string;
  readonly step: string;
  readonly channel: ChannelName;
  /** What is wrong and the file to write, in sentences that go on from the name of the step. */
  readonly text: string;
}

/** The steps that send by a channel of which nothing says how it sends. */
export function unsentSteps(
  { journeys, outlines }: Pick<Definitions, 'journeys' | 'outlines'>,
  setups: readonly ChannelSetup[],
): UnsentStep[] {
  return journeys.flatMap(({ id }) =>
    (outlines.get(id)?.steps ?? []).flatMap(({ step, templates }) =>
      Object.keys(templates).flatMap((channel) => {
        const text = unsentText(channel, setups);
        return text === null ? [] : [{ journey: id, step, channel, text }];
      }),
    ),
  );
}

/** What is wrong with a step that sends by a channel of which nothing says how it sends; null when something does. */
export function unsentText(channel: ChannelName, setups: readonly ChannelSetup[]): string | null {
  if (READY.includes(channel) || setups.some((setup) => setup.channel === channel)) return null;
  const example = getOwn(EXAMPLES, channel) ?? `channel('${channel}', { … })`;
  return `sends by ${channel}, but no file channels/${channel} says how. Write channels/${channel}.ts beside the journeys, with \`export default ${example}\`, or send by another channel`;
}

/** How an installation sends. */
export interface Sending {
  readonly setups: readonly ChannelSetup[];
  /** What the settings of providers are read from. */
  readonly environment: Environment;
}

/**
 * How a worker sends. A setting may only be missing where there is a mailbox of this machine, which then shows the messages.
 * @throws {DefinitionsError} when a journey sends by a channel that nothing sets up
 * @throws {ConfigError} with every variable that is missing
 */
export function sendingOf(definitions: LoadedDefinitions, config: Config, ofProcess: Environment): Sending {
  const setups = withDefaults(definitions.setups, config);
  const environment = providerEnvironment(ofProcess, config);
  const unsent = unsentSteps(definitions, setups);
  if (unsent.length > 0)
    throw new DefinitionsError(unsent.map(({ journey, step, text }) => `${journey}, step '${step}' ${text}`));
  if (config.mailboxUrl !== null) return { setups, environment };
  requireProviderSettings(setups, environment);
  return { setups, environment };
}

/**
 * Checks that the environment has everything that the providers need.
 * @throws {ConfigError} with every variable that is missing
 */
export function requireProviderSettings(setups: readonly ChannelSetup[], environment: Environment): void {
  const problems = setups.flatMap(({ channel, providers }) =>
    providers.flatMap((use) =>
      readProviderSettings(use, environment).missing.map(
        (variable) => `${variable} must be set, for the provider ${use.name} of the channel ${channel}`,
      ),
    ),
  );
  if (problems.length > 0) throw new ConfigError([...new Set(problems)]);
}
