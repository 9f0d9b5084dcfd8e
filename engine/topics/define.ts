import { z } from 'zod';
import { localizedText } from '../model/localized';
import { placeOf } from '../model/place-of';
import { channelName, noChannel } from '../model/channel-name';
import type { ChannelSpec } from '../model/channels';
import { FREQUENCIES } from '../model/topic-answer';
import type { Topic, TopicOptions, Topics } from './topic';

/** The form of the name of a topic. It is part of addresses and of names of fields. */
export const TOPIC_NAME = /^[A-Za-z0-9][\w-]{0,59}$/;

const TITLE_LENGTH = 60;
const DESCRIPTION_LENGTH = 200;
/** The most topics. More would make a page that nobody reads. */
const MOST_TOPICS = 50;

const topic = z
  .strictObject({
    title: localizedText(TITLE_LENGTH),
    description: localizedText(DESCRIPTION_LENGTH).exactOptional(),
    default: z.literal(['in', 'out'], "must be 'in' or 'out'").exactOptional(),
    // Which channels a team has added is not known here: see `unknownTopicChannels`.
    channels: z.array(channelName).default([]),
    frequencies: z
      .array(z.enum(FREQUENCIES))
      .refine((given) => given.includes('all'), "must have 'all' among them")
      .default(['all']),
    doubleOptIn: z.boolean('must be true or false').default(false),
  })
  .refine(
    ({ doubleOptIn, default: given }) => !(doubleOptIn && given === 'in'),
    "default: must be 'out' with doubleOptIn, because nobody gets the topic before they have confirmed it",
  );

/**
 * Declares what people can subscribe to, by name: `topics({ digest: { title: { en: 'Weekly digest' }, frequencies: ['all', 'weekly'] } })`.
 * A journey or a `send` says `topic: 'digest'`.
 * @throws {TypeError} when a name or an option is not valid, naming the topic, or when there are more than 50
 */
export function topics<const Given extends Readonly<Record<string, TopicOptions>>>(
  definitions: Given,
): Topics<{ readonly [Name in keyof Given & string]: Topic }> {
  const names = Object.keys(definitions);
  if (names.length > MOST_TOPICS)
    throw new TypeError(`topics: expected at most ${MOST_TOPICS} topics, but there are ${names.length}.`);
  const byName: Record<string, Topic> = {};
  for (const [name, options] of Object.entries(definitions)) {
    if (!TOPIC_NAME.test(name))
      throw new TypeError(
        `topics: '${name}' can't be the name of a topic. Expected 1 to 60 letters, digits, hyphens or underscores.`,
      );
    const { data, error } = topic.safeParse(options);
    if (error) {
      const [first] = error.issues;
      throw new TypeError(
        `topics: '${name}', ${placeOf(first?.path ?? [])}${(first?.message ?? '').replace(/\.?$/, '.')}`,
      );
    }
    byName[name] = { kind: 'topic', name, ...data, default: data.default ?? (data.doubleOptIn ? 'out' : 'in') };
  }
  return { kind: 'topics', byName } as ReturnType<typeof topics<Given>>;
}

/**
 * The channels of topics that are not there, one sentence for each.
 * @param own the channels of the team's own
 */
export function unknownTopicChannels({ byName }: Topics, own: readonly ChannelSpec[]): string[] {
  return Object.values(byName).flatMap(({ name, channels }) =>
    channels.flatMap((channel) => {
      const text = noChannel(channel, own);
      return text === null ? [] : [`topics: '${name}', channels: ${text}`];
    }),
  );
}
