import type { Json } from '../model/json';
import type { DecidedRecord, Run } from '../model/state';
import { firstName } from './renamed';
import { stepType } from './steps';

/**
 * What a template of a message sees of the run: the answers of the steps before it, by their names. They are fixed when the message
 * is decided, whatever an edit, or a later step, adds to the journal before it is delivered.
 * @param step the step of the message. A run that has no such step tells nothing
 */
export function answersBefore({ journal }: Pick<Run, 'journal'>, step: string): Readonly<Record<string, Json>> {
  const places = new Map(journal.map((record, index) => [record.step, index]));
  const named = journal[places.get(step) ?? -1];
  if (!named) return {};
  // A renamed step was decided under its first name, and stands behind it in the journal.
  const decision = (record: DecidedRecord): DecidedRecord => {
    const first = journal[places.get(firstName(record)) ?? -1];
    return first && first.status !== 'waiting' ? first : record;
  };
  const message = named.status === 'waiting' ? named : decision(named);
  const before = journal.slice(0, places.get(message.step)).flatMap((record) => {
    if (record.status === 'waiting') return [];
    // What an edit puts behind the user's position stands before the message, but was not known then.
    if (message.status !== 'waiting' && decision(record).at > message.at) return [];
    return [[record.step, stepType(record.kind).tells?.(record.outcome)] as const];
  });
  return Object.fromEntries(before.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined));
}
