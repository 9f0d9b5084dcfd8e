import type { Message } from '../../model/state';

/**
 * Checks that no run sent two messages from the same template. In random journeys, each template is sent at most once,
 * even if its step is renamed.
 * @throws when a template was sent twice in one run
 */
export function refuseRepeats(messages: Iterable<Message>): void {
  const sent = new Map<string, Message>();
  for (const message of messages) {
    if (message.status !== 'queued') continue;
    const content = `${message.runId} ${message.template}`;
    const other = sent.get(content);
    if (other)
      throw new Error(
        `Expected '${message.template}' once in a run, but '${other.step}' and '${message.step}' both sent it.`,
      );
    sent.set(content, message);
  }
}
