import { z } from 'zod';
import { completeConsent, type Consent } from '../engine/model/consent';
import type { DefinitionsProvider } from '../engine/definitions/definitions';
import { languageOf, localized } from '../engine/model/localized';
import { getOwn } from '../engine/model/own-property';
import { choose, frequencyOf, standingOf, type Chosen, type TopicChoice } from '../engine/model/preferences';
import { FREQUENCIES, type TopicAnswer } from '../engine/model/topic-answer';
import type { Topic } from '../engine/topics/topic';
import { changeConsent, type Origin } from '../store/consent';
import { changePreferences, findPreferences, type PersonOfPage } from '../store/preferences';
import { wake, type ApiDeps } from './deps';
import { answersByChannel, consent, text } from './fields';
import { pointerTo, type FieldError } from './pointer';
import { invalid } from './problem';

/** What somebody chooses of topics. */
const choices = z
  .record(
    z.string().max(60),
    z.strictObject({
      subscribed: z.boolean().optional().meta({ description: 'Whether they get the topic at all' }),
      channels: answersByChannel.optional().meta({ description: 'By which of the channels of the topic' }),
      frequency: z.enum(FREQUENCIES).optional().meta({ description: 'How often, of the frequencies of the topic' }),
    }),
  )
  .meta({ description: 'By the name of the topic. Topics and fields that are left out stay unchanged' });

/** The fields of a change of preferences. */
export const preferencesChange = {
  channels: consent.optional(),
  topics: choices.optional(),
  wording: text
    .max(2_000)
    .optional()
    .meta({ description: 'What the person read when they answered. It is kept with the answers, as proof' }),
};

/** What a change does, for the descriptions of routes. */
export const TOPICS_CHANGE =
  'What changes of a topic is an event `Topic Subscribed`, `Topic Unsubscribed` or `Topic Frequency Chosen`. Of a topic with double opt-in, ' +
  'a yes is an event `Confirmation Requested`, and counts once it is confirmed.';

const topic = z.object({
  title: z.string().meta({ description: 'In the language of the user' }),
  description: z.string().nullable().meta({ description: 'What they get, in a sentence' }),
  subscribed: z.boolean().meta({ description: 'Whether they get the topic' }),
  pending: z.boolean().meta({ description: 'They said yes, and have not confirmed it yet' }),
  channels: answersByChannel.meta({ description: 'The channels among which they can choose, and what they chose' }),
  frequency: z.enum(FREQUENCIES).meta({ description: 'How often they get it' }),
  frequencies: z.array(z.enum(FREQUENCIES)).meta({ description: 'How often they can choose to get it' }),
});

/** The schema of the preferences of a user. */
export const preferences = z.object({
  channels: answersByChannel.meta({ description: 'Consent for each channel that reaches people' }),
  topics: z.record(z.string(), topic).meta({ description: 'The topics of `topics.ts`, by name' }),
});

/** The preferences of a user, as the API describes them. */
export function preferencesResponse(
  { traits, consent: answers, topics }: PersonOfPage,
  { current }: DefinitionsProvider,
): z.output<typeof preferences> {
  const language = languageOf(traits);
  return {
    channels: completeConsent(answers, current.channels),
    topics: Object.fromEntries(
      declaredTopics({ current }).map((one) => {
        const standing = standingOf(topics, one);
        const chosen = getOwn(topics, one.name)?.channels ?? {};
        return [
          one.name,
          {
            title: localized(one.title, language),
            description: one.description === undefined ? null : localized(one.description, language),
            subscribed: standing === 'in',
            pending: standing === 'pending',
            channels: Object.fromEntries(one.channels.map((channel) => [channel, chosen[channel] ?? true])),
            frequency: frequencyOf(topics, one.name),
            frequencies: [...one.frequencies],
          },
        ];
      }),
    ),
  };
}

/** The declared topics, in their order. */
export function declaredTopics({ current }: Pick<DefinitionsProvider, 'current'>): readonly Topic[] {
  return Object.values(current.topics?.byName ?? {});
}

/** What a user changes of their preferences. */
export interface AskedChange {
  readonly userId: string;
  readonly channels?: Consent | undefined;
  readonly topics?: Readonly<Record<string, TopicChoice>> | undefined;
  readonly origin: Origin;
  /** Whether `userId` may have been merged into another user since. */
  readonly alsoAsAlias: boolean;
}

type Deps = Pick<ApiDeps, 'database' | 'definitions' | 'clock' | 'waker'>;

/**
 * Changes preferences, and wakes the user if an event is awaited.
 * @returns the user afterwards; null when there is no such user
 * @throws {Problem} 422 when a topic is not declared, or offers no such choice
 */
export async function changeAll(deps: Deps, asked: AskedChange): Promise<PersonOfPage | null> {
  const { userId, channels: answers = {}, topics = {}, origin, alsoAsAlias } = asked;
  const declared = deps.definitions.current.topics?.byName ?? {};
  refuseUnknown(topics, declared);
  if (Object.keys(answers).length > 0) {
    const change = { userId, answers, at: deps.clock.now(), alsoAsAlias, origin };
    const changed = await changeConsent(deps.database, deps.definitions, change);
    if (!changed) return null;
    wake(deps.waker, changed.pending);
  }
  const made = Object.entries(topics).map(([name, choice]) => {
    const confirms = getOwn(declared, name)?.doubleOptIn ?? false;
    return [name, (before: TopicAnswer | undefined) => choose(name, before, choice, { confirms })] as const;
  });
  if (made.length > 0 && !(await answerTopics(deps, asked, new Map(made)))) return null;
  const person = await findPreferences(deps.database, userId);
  return person && (alsoAsAlias || person.id === userId) ? person : null;
}

/** Records answers about topics, and wakes the user. Returns whether there is such a user. */
export async function answerTopics(
  { database, definitions, clock, waker }: Deps,
  { userId, alsoAsAlias, origin }: Pick<AskedChange, 'userId' | 'alsoAsAlias' | 'origin'>,
  answers: ReadonlyMap<string, (before: TopicAnswer | undefined) => Chosen>,
): Promise<boolean> {
  const change = { userId, answers, at: clock.now(), alsoAsAlias, origin };
  const changed = await changePreferences(database, definitions, change);
  wake(waker, changed?.pending ?? []);
  return changed !== null;
}

function refuseUnknown(topics: Readonly<Record<string, TopicChoice>>, declared: Readonly<Record<string, Topic>>): void {
  const errors = Object.entries(topics).flatMap(([name, { channels: by = {}, frequency }]): FieldError[] => {
    const known = getOwn(declared, name);
    const at = pointerTo('/topics', [name]);
    if (!known) {
      const names = Object.keys(declared);
      return [
        { pointer: at, detail: `is no topic of topics.ts${names.length > 0 ? `: there are ${names.join(', ')}` : ''}` },
      ];
    }
    const odd = Object.keys(by).filter((channel) => !known.channels.some((one) => one === channel));
    return [
      ...odd.map((channel) => {
        return {
          pointer: pointerTo(at, ['channels', channel]),
          detail: 'is no channel among which people can choose for this topic',
        };
      }),
      ...(frequency !== undefined && !known.frequencies.includes(frequency)
        ? [{ pointer: `${at}/frequency`, detail: `must be one of ${known.frequencies.join(', ')}` }]
        : []),
    ];
  });
  if (errors.length > 0) throw invalid(errors);
}
