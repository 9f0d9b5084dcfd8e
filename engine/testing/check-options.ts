import { channelSpecs } from '../model/channels';
import { parseIso } from '../model/instant';
import type { ChannelName } from '../model/state';
import { requireZone } from '../model/zone';
import { OF_ALL, type TravellerOptions } from './traveller-options';

const OPTIONS = {
  id: true,
  timezone: true,
  traits: true,
  channels: true,
  consent: true,
  topics: true,
  calls: true,
  templates: true,
  at: true,
  with: true,
} as const satisfies Record<keyof TravellerOptions, true>;

/**
 * Refuses what a test could only mean otherwise, because files that run without type checks may misspell anything.
 * @throws {TypeError} when an option, a channel, a topic or the time zone does not exist
 */
export function checkOptions(options: TravellerOptions): void {
  requireKnown('option of a traveller', Object.keys(options), Object.keys(OPTIONS));
  const { timezone, channels = [], consent = {}, topics = {} } = options;
  if (timezone !== undefined) inOption('timezone', () => requireZone(timezone));
  for (const channel of channels) inOption('channels', () => requireChannel(channel, options));
  for (const channel of Object.keys(consent)) inOption('consent', () => requireChannel(channel, options));
  for (const topic of Object.keys(topics)) inOption('topics', () => requireTopic(topic, options));
}

/**
 * Refuses an option of a further person that holds for everyone.
 * @throws {TypeError} when there is one
 */
export function checkFurtherOptions(options: object): void {
  const shared = OF_ALL.find((name) => name in options);
  if (shared !== undefined)
    throw new TypeError(
      `'${shared}' of a further traveller: expected it with the first, from where it holds for everyone.`,
    );
}

/**
 * Refuses a channel that neither ships nor is declared in `with`.
 * @throws {TypeError} when it is one
 */
export function requireChannel(channel: ChannelName, { with: rules }: TravellerOptions): void {
  requireKnown('channel', [channel], [...channelSpecs(rules?.channels).keys()]);
}

/**
 * Refuses a topic that is not declared, if the test declares topics.
 * @throws {TypeError} when it is one
 */
export function requireTopic(topic: string, { with: rules }: TravellerOptions): void {
  if (rules?.topics) requireKnown('topic', [topic], Object.keys(rules.topics.byName));
}

/**
 * Reads an instant of a test, epoch milliseconds.
 * @param what the option or method that was given it
 * @throws {TypeError} when it is not one
 */
export function instantIn(what: string, text: string): number {
  const at = parseIso(text);
  if (Number.isNaN(at))
    throw new TypeError(`${what}: '${text}' is not an instant. Expected ISO 8601, such as '2026-03-01T09:00:00Z'.`);
  return at;
}

/** When the virtual time of a test begins, epoch milliseconds. */
export function startOf({ at = '2026-01-05T12:00:00Z' }: TravellerOptions): number {
  return instantIn('at', at);
}

function requireKnown(what: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`'${unknown}' is no ${what}. Expected ${known.join(', ')}.`);
}

function inOption(option: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new TypeError(`${option}: ${(error as Error).message}`);
  }
}
