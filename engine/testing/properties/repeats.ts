import type { Message } from '../../model/state';

/** Refuses a second message of a run from the same template: random journeys send each once, whatever its step is called. */
export function refuseRepeats(messages: Iterable<Message>): void {
  const sent = new Map<string, Message>();
  for (const message of messages) {
    if (message.status !== 'queued') continue;
    const content = `${message.runId} ${message.template}`;
    const other = sent.get(content);
    if (other)
      throw new Error(`'${message.template}' goes out twice in one run, as '${other.step}' and '${message.step}'.`);
    sent.set(content, message);
  }
}
