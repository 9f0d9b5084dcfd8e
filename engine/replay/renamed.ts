import { without } from '../model/forgetting';
import { contentId } from '../model/ids';
import { copyOf } from '../model/json';
import type { DecidedMessage, DecidedRecord, SkippedRecord, StepRecord } from '../model/state';
import { sendOutcome } from './steps/send-outcome';
import type { MessageContent } from './steps';

/**
 * Finds a message that the run has decided and that a new step would send again: from the same template, with the same data, by the
 * same channel. No step on this user's way still sends it. Each message is taken over once.
 *
 * The engine can't tell this from an edit that removes one message and adds another with the same content. It prefers one
 * message too few to a message sent twice.
 * @param message the content of the new step's message; undefined for a step of another kind, which is not recognized
 * @param met the steps that the code has on this user's way
 * @returns undefined when there is no such message
 */
export function formerOf(
  journal: readonly StepRecord[],
  message: MessageContent | undefined,
  met: ReadonlySet<string>,
): DecidedMessage | undefined {
  if (!message) return undefined;
  const data = copyOf(message.data);
  const present = new Set(journal.filter((record) => met.has(record.step) && !formerMessage(record)).map(firstName));
  return journal.flatMap(decidedMessage).find(({ step, outcome, content: decided, forgets = [] }) => {
    const { channel } = sendOutcome(outcome);
    const template = channel === null ? undefined : message.templates[channel];
    // What is forgotten may be gone by now, so it is not compared.
    const content = template !== undefined && contentId(template, without(data, forgets));
    return decided === content && !present.has(step);
  });
}

function decidedMessage(record: StepRecord): readonly DecidedMessage[] {
  const message = record.status === 'done' ? record : formerMessage(record);
  return message ? [message] : [];
}

function formerMessage(record: StepRecord): DecidedMessage | undefined {
  return record.status === 'skipped' ? record.formerMessage : undefined;
}

/** The message that was decided under the name of a step, for the record of a step of another kind; undefined if there was none. */
export function messageBefore(record: DecidedRecord): DecidedMessage | undefined {
  const former = formerMessage(record);
  const { kind, outcome, content, forgets } = record;
  if (former || content === undefined) return former;
  return { step: firstName(record), kind, outcome, content, ...(forgets && { forgets }) };
}

/**
 * The record of a message's step under its new name.
 * @param logicalTime epoch milliseconds
 * @param version the version of the definitions
 */
export function underNewName(
  { kind, outcome, content, forgets, step: renamedFrom }: DecidedMessage,
  step: string,
  logicalTime: number,
  version: string,
): SkippedRecord {
  return {
    step,
    kind,
    enteredAt: logicalTime,
    status: 'skipped',
    outcome,
    at: logicalTime,
    cause: 'renamed',
    renamedFrom,
    reason: 'renamed',
    facts: {},
    ...(content !== undefined && { content }),
    ...(forgets && { forgets }),
    version,
  };
}

/** The journal with each renamed step put after the records of the same step under former names. */
export function withRenamed(journal: readonly StepRecord[], renamed: readonly StepRecord[]): StepRecord[] {
  return renamed.reduce<StepRecord[]>(
    (list, record) =>
      list.toSpliced(list.findLastIndex((other) => firstName(other) === firstName(record)) + 1, 0, record),
    [...journal],
  );
}

/** The first name of a step: the one under which it was decided. */
export function firstName(record: StepRecord): string {
  return (record.status === 'skipped' && record.renamedFrom) || record.step;
}
