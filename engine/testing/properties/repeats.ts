import { questionIn } from '../../authoring/question';
import type { Message, StepRecord } from '../../model/state';

/**
 * Checks that no run sent two messages from the same template. In random journeys, each template is sent at most once,
 * even if its step is renamed. A question that is renamed is another one.
 * @throws when a template was sent twice in one run
 */
export function refuseRepeats(messages: Iterable<Message>): void {
  const sent = new Map<string, Message>();
  for (const message of messages) {
    if (message.status !== 'queued') continue;
    const content = JSON.stringify([message.runId, message.template, questionIn(message.data)?.step]);
    const other = sent.get(content);
    if (other)
      throw new Error(
        `Expected '${message.template}' once in a run, but '${other.step}' and '${message.step}' both sent it.`,
      );
    sent.set(content, message);
  }
}

/** Throws when a step's record was lost, or its recorded outcome has changed. */
export function refuseChanges(before: readonly StepRecord[], journal: readonly StepRecord[]): void {
  for (const record of before) {
    const after = journal.find(({ step }) => step === record.step);
    if (after?.enteredAt !== record.enteredAt)
      throw new Error(`Expected step '${record.step}' to keep its record, but it was entered again or lost.`);
    const decidedAnew = record.status !== 'waiting' && JSON.stringify(after) !== JSON.stringify(record);
    // An edit may reuse the name for a step of another kind.
    if (decidedAnew && after.kind === record.kind)
      throw new Error(`Expected the record of step '${record.step}' not to change: ${JSON.stringify([record, after])}`);
  }
}

/** Keeps what a decision has caused. It throws unless it happens at the present, and for the first time. */
export function keepOnce<Caused extends { readonly id: string; readonly at: number }>(
  kept: Map<string, Caused>,
  caused: Caused,
  now: number,
): void {
  const text = JSON.stringify(caused);
  if (kept.has(caused.id)) throw new Error(`Expected ${text} to happen once, but it happened twice.`);
  if (caused.at !== now) throw new Error(`Expected ${text} to happen at ${now}.`);
  kept.set(caused.id, caused);
}
