import { BY_USER_ID } from '../engine/authoring/providers';
import { builtInChannel, type ChannelSpec } from '../engine/model/channels';
import { compile } from '../engine/outline/compile';
import { ANY_EVENT_NAME } from '../engine/model/activity';
import { type Definitions, type Sources } from '../engine/definitions/definitions';
import type { ChannelSetup } from '../engine/authoring/channel-setup';
import { widened, type EventDefinition } from '../engine/authoring/event';
import { CHAT_EVENTS_BY_NAME } from '../engine/authoring/chat-events';
import { CONSENT_EVENTS_BY_NAME } from '../engine/authoring/consent-events';
import { flagExposed } from '../engine/authoring/flag-events';
import { TOPIC_EVENTS_BY_NAME } from '../engine/authoring/topic-events';
import { MESSAGE_EVENTS } from '../engine/authoring/message-events';
import { RECEIPT_EVENTS } from '../engine/authoring/receipt-events';
import { enteringEvents } from '../engine/user/triggers';
import { lifecycle } from '../engine/authoring/lifecycle';
import { policy } from '../engine/policy/define';
import { unknownTopicChannels } from '../engine/topics/define';
import { DefinitionsError } from './definitions-error';
import { locate, partsOfFolder, partsOfModule, type Part, type Parts } from './definitions-files';
import {
  isChannel,
  isChats,
  isEvent,
  isFlags,
  isJourney,
  isLifecycle,
  isObject,
  isPolicy,
  isTopics,
  isTraits,
} from './definitions-shape';

/** Everything a team defines, compiled for the engine, with the events of its catalogue. */
export interface LoadedDefinitions extends Definitions {
  readonly events: readonly EventDefinition<unknown>[];
  /** How channels send, as far as the team says it. */
  readonly setups: readonly ChannelSetup[];
}

/**
 * Loads journeys, lifecycle, policy, traits, events, flags, chats, topics and channels. Defaults: a lifecycle without rules, the default
 * policy, no traits, no events, no flags, no chats, no topics, and channels as the environment sets them up.
 * @param path a folder with `<journey id>/journey.ts` (or `.js`) and beside them `lifecycle`, `policy`, `traits`, `events`, `flags`,
 *   `chats`, `topics` and `channels/<name>`; or a module, by path or by package name, whose default export is
 *   `{ journeys, lifecycle, policy, traits, events, flags, chats, topics, channels }`
 * @throws {DefinitionsError} with every problem and its file
 */
export async function loadDefinitions(path: string): Promise<LoadedDefinitions> {
  const at = locate(path);
  const parts = at.kind === 'folder' ? partsOfFolder(at.folder) : partsOfModule(at.file);
  const sources = assemble(parts);
  return { ...(await compile(sources)), events: sources.events, setups: sources.setups };
}

/** All known events of the app: those of the team's catalogue, and those that let users enter a journey. */
export function catalogue({ events, journeys }: LoadedDefinitions): EventDefinition<unknown>[] {
  const [narrow, whole] = [events.filter(({ filters }) => filters), events.filter(({ filters }) => !filters)];
  const all = [...journeys.flatMap(enteringEvents), ...narrow, ...whole].filter(({ name }) => name !== ANY_EVENT_NAME);
  // Of two events with the same name, the catalogue's is kept.
  return [...new Map(all.map((event) => [event.name, widened(event)])).values()];
}

/** The events that stored journeys may refer to: those of the catalogue, of messages, of chats, of consent, of topics and of flags. */
export function eventsByName(definitions: LoadedDefinitions): ReadonlyMap<string, EventDefinition<unknown>> {
  const ofTeam = catalogue(definitions).map((event) => [event.name, event] as const);
  const ofFlags = [flagExposed.name, flagExposed] as const;
  return new Map([
    ...MESSAGE_EVENTS,
    ...RECEIPT_EVENTS,
    ...CHAT_EVENTS_BY_NAME,
    ...CONSENT_EVENTS_BY_NAME,
    ...TOPIC_EVENTS_BY_NAME,
    ofFlags,
    ...ofTeam,
  ]);
}

function assemble(parts: Parts): Sources & Pick<LoadedDefinitions, 'events' | 'setups'> {
  const problems: string[] = [];
  const take = <Value>(part: Part, fits: (value: unknown) => value is Value, expected: string): Value | null => {
    if (fits(part.value)) return part.value;
    problems.push(`${part.from} must be ${expected}`);
    return null;
  };
  const journeys = parts.journeys.flatMap((part) => take(part, isJourney, 'made by journey(...)') ?? []);
  const stages = parts.lifecycle && take(parts.lifecycle, isLifecycle, 'made by lifecycle(...)');
  const limits = parts.policy && take(parts.policy, isPolicy, 'made by policy(...)');
  const traits = parts.traits && take(parts.traits, isTraits, 'an object with an example of each trait');
  const flags = parts.flags && take(parts.flags, isFlags, 'made by flags(...)');
  const declared = parts.chats && take(parts.chats, isChats, 'made by chats(...)');
  const setups = parts.channels.flatMap((part) => {
    const setup = take(part, isChannel, 'made by the function of a channel, such as email(...)');
    if (setup && part.file !== null && part.file !== setup.channel)
      problems.push(`${part.from} sets up the channel '${setup.channel}', so its file must have that name`);
    return setup ?? [];
  });
  for (const name of repeated(setups.map(({ channel }) => channel)))
    problems.push(`the channel '${name}' is set up twice`);
  const offered = parts.topics && take(parts.topics, isTopics, 'made by topics(...)');
  const exported = parts.events && take(parts.events, isObject, 'events');
  const events = Object.values(exported ?? {}).filter(isEvent);
  for (const part of parts.journeys) {
    if (isJourney(part.value) && part.folder !== null && part.value.id !== part.folder)
      problems.push(
        `${part.from} has the id '${part.value.id}', so its folder must have that name, because its templates are found by it`,
      );
  }
  for (const name of repeated(journeys.map(({ id }) => id))) problems.push(`two journeys have the id '${name}'`);
  for (const name of repeated(events.flatMap((event) => (event.filters ? [] : [event.name]))))
    problems.push(`two events are named '${name}'`);
  const channels = setups.flatMap((setup) => specOf(setup) ?? []);
  if (offered) problems.push(...unknownTopicChannels(offered, channels));
  if (problems.length > 0) throw new DefinitionsError(problems);
  return {
    journeys,
    lifecycle: stages ?? lifecycle({ initial: 'new', rules: [] }),
    policy: limits ?? policy(),
    traits: traits ?? {},
    events,
    setups,
    channels,
    ...(flags && { flags }),
    ...(declared && { chats: declared }),
    ...(offered && { topics: offered }),
  };
}

/** What is to be known of a channel beside what ships: all of the team's own, and that push finds everybody by their id. */
function specOf({ channel, own, providers }: ChannelSetup): ChannelSpec | null {
  if (own) return own.spec;
  const isByUserId = channel === 'push' && providers.some(({ type }) => BY_USER_ID.includes(type));
  return isByUserId ? { ...builtInChannel('push'), address: { by: 'id' } } : null;
}

function repeated(names: readonly string[]): Set<string> {
  return new Set(names.filter((name, index) => names.indexOf(name) !== index));
}
