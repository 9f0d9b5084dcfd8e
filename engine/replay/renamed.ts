import { contentId } from '../model/ids';
import { copyOf } from '../model/json';
import type { DecidedRecord, SkippedRecord, StepRecord } from '../model/state';
import { sendOutcome } from './steps/send';
import type { MessageContent } from './steps';

/**
 * The message that a new step would send again: one the run has decided about, from the same template with the same data by
 * the same channel, under a name that the code no longer has on this user's way. Each can be taken over once. The engine can't
 * tell this from a message that was removed while another one that says the same was added: it prefers one message too few
 * to a message sent twice.
 * @param message of the new step; no other step is taken for another one
 * @param met the steps the code has on this user's way
 */
export function formerOf(
  journal: readonly StepRecord[],
  message: MessageContent | undefined,
  met: ReadonlySet<string>,
): DecidedRecord | undefined {
  if (!message) return undefined;
  const data = copyOf(message.data);
  const present = new Set(journal.filter(({ step }) => met.has(step)).map(firstName));
  return journal.filter(isDone).find((record) => {
    const { channel } = sendOutcome(record.outcome);
    const template = channel === null ? undefined : message.templates[channel];
    return template !== undefined && record.content === contentId(template, data) && !present.has(record.step);
  });
}

function isDone(record: StepRecord): record is DecidedRecord & { readonly status: 'done' } {
  return record.status === 'done';
}

/** What stands in the journal for a message's step under its new name. */
export function underNewName(
  { kind, outcome, content, step: renamedFrom }: DecidedRecord,
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
    version,
  };
}

/** The journal with each renamed step after the step it was, which is where the user was then. */
export function withRenamed(journal: readonly StepRecord[], renamed: readonly StepRecord[]): StepRecord[] {
  return renamed.reduce<StepRecord[]>(
    (list, record) =>
      list.toSpliced(list.findLastIndex((other) => firstName(other) === firstName(record)) + 1, 0, record),
    [...journal],
  );
}

/** The name under which a step was entered first. */
export function firstName(record: StepRecord): string {
  return (record.status === 'skipped' && record.renamedFrom) || record.step;
}
