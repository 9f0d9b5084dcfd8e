import type { Chats } from '../chats/chat';
import type { Topics } from '../topics/topic';
import { goalNames, type Journey } from '../authoring/journey';
import { endedJourney } from '../model/ended';
import type { JsonObject } from '../model/json';
import { getOwn } from '../model/own-property';
import { lostRedirections } from '../outline/declared-steps';
import { NO_CHANNEL } from '../outline/no-channel';
import { traitRead } from '../user/triggers';
import type { Defect } from './exploration';
import type { StepNotes } from './step-notes';

/** What is known beside the journey. */
export interface Known {
  /** The example traits. If there are none, no trait is missed. */
  readonly traits: JsonObject;
  /** The ids of all journeys in code; null when they are not known. */
  readonly journeys: ReadonlySet<string> | null;
  /** The chats, by name; null when they are not known. */
  readonly chats: Chats['byName'] | null;
  /** The topics, by name; null when they are not known. */
  readonly topics: Topics['byName'] | null;
}

/**
 * The defects of what a journey names and what is not there: a channel, a step, the end of a journey, a trait, a chat, a topic.
 * @param found the steps on all paths; null when some may be missing
 */
export function missingReferences(
  journey: Journey,
  notes: StepNotes,
  found: ReadonlySet<string> | null,
  known: Known,
): Defect[] {
  return [
    ...[...notes.withoutChannel].map((step) => defect('send without channel', step, NO_CHANNEL)),
    // A journey that is data can't declare a trait.
    ...(journey.declares ? [] : unknownTraits(journey, notes, known)),
    ...unknownChats(notes, known),
    ...unknownTopics(journey, notes, known),
    ...(found ? [...lostSteps(journey, found), ...endsOfOthers(journey, notes)] : []),
  ];
}

/** What may be a mistake, but only if it is not there when users come to it. */
export function doubtfulReferences(journey: Journey, notes: StepNotes, known: Known): Defect[] {
  return [...(journey.declares ? unknownTraits(journey, notes, known) : []), ...unknownJourneys(journey, notes, known)];
}

function unknownTraits(journey: Journey, { traits: read }: StepNotes, { traits }: Known): Defect[] {
  const declared = Object.keys(traits);
  if (declared.length === 0) return [];
  const entering = traitRead(journey);
  const named: (readonly [step: string | null, trait: string])[] = [
    ...(entering === null ? [] : [[null, entering] as const]),
    ...byStep(read),
  ];
  return named
    .filter(([, trait]) => !declared.includes(trait))
    .map(([step, trait]) => {
      const what = step === null ? 'users enter' : 'the wait ends';
      const text = `${what} by the trait '${trait}', of which there is no example. There are ${declared.join(', ')}.`;
      return defect('unknown trait', step, text, step === null ? 'enter' : undefined);
    });
}

function unknownChats({ chats: named }: StepNotes, { chats }: Known): Defect[] {
  if (!chats) return [];
  return [...named].flatMap(([step, byName]) =>
    [...byName].flatMap(([name, roles]) => {
      const chat = getOwn(chats, name);
      if (!chat) return [defect('unknown chat', step, `chats.ts declares no chat '${name}'`)];
      return [...roles]
        .filter((role) => getOwn(chat.roles, role) === undefined)
        .map((role) => {
          const text = `the chat '${name}' has no role '${role}'. There are ${Object.keys(chat.roles).join(', ')}.`;
          return defect('unknown chat', step, text);
        });
    }),
  );
}

function unknownTopics({ topic }: Journey, { topics: named }: StepNotes, { topics }: Known): Defect[] {
  if (!topics) return [];
  const own = topic === undefined ? [] : [[null, topic] as const];
  return [...own, ...byStep(named)]
    .filter(([, name]) => getOwn(topics, name) === undefined)
    .map(([step, name]) =>
      defect('unknown topic', step, `topics.ts declares no topic '${name}'`, step === null ? 'topic' : undefined),
    );
}

function lostSteps(journey: Journey, found: ReadonlySet<string>): Defect[] {
  return lostRedirections(journey, found).map(({ from, to }) =>
    defect(
      'unknown step',
      null,
      `onEdit moves users from '${from}' to '${to}', which is no step of the journey`,
      'onEdit',
    ),
  );
}

/** A run is told only of the ends of runs that it has started. */
function endsOfOthers(journey: Journey, { started, startedById, ended }: StepNotes): Defect[] {
  // The ids of journeys may come from data. Then nobody knows whose end can come.
  const isWritten = (id: string): boolean => journey.declares !== undefined || String(journey.run).includes(id);
  if (![...startedById].every(isWritten)) return [];
  const own = new Set(byStep(started).map(([, id]) => id));
  const missed = (id: string, what: string, step: string | null, option?: Defect['option']): Defect[] =>
    own.has(id)
      ? []
      : [
          defect(
            'unknown journey',
            step,
            `${what} is the end of '${id}', which no step of this journey starts`,
            option,
          ),
        ];
  return [
    ...byStep(ended).flatMap(([step, id]) => missed(id, 'the wait', step)),
    ...endsIn(journey.exit).flatMap((id) => missed(id, 'an exit', null, 'exit')),
    ...endsIn(journey.goal ? goalNames(journey.goal) : []).flatMap((id) => missed(id, 'the goal', null, 'goal')),
  ];
}

function endsIn(names: readonly string[]): string[] {
  return names.flatMap((name) => endedJourney(name) ?? []);
}

function unknownJourneys({ id: own }: Journey, { started }: StepNotes, { journeys }: Known): Defect[] {
  if (!journeys) return [];
  return byStep(started)
    .filter(([, id]) => id !== own && !journeys.has(id))
    .map(([step, id]) =>
      defect('unknown journey', step, `no journey in code is '${id}': unless one is published, nobody enters it`),
    );
}

function byStep(values: ReadonlyMap<string, ReadonlySet<string>>): (readonly [step: string, value: string])[] {
  return [...values].flatMap(([step, all]) => [...all].map((value) => [step, value] as const));
}

function defect(kind: Defect['kind'], step: string | null, text: string, option?: Defect['option']): Defect {
  return { kind, step, ...(option && { option }), text, path: null };
}
