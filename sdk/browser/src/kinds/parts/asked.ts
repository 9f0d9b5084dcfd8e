import type { Chat, Message } from '../../wire';
import { texts } from '../settings';

/** Whether a message is a question that waits for an answer. One without choices only says something. */
export const isWaiting = ({ answeredAt, content: { choices } }: Message): boolean => !answeredAt && !!choices;

/**
 * Makes a conversation of what journeys ask: the choices of the latest question that waits are its phrases. It has no name, and none is made
 * where nothing is asked.
 * @param asked messages of the kind `chat`, the latest first
 */
export const asTalk = (asked: readonly Message[]): readonly Chat[] =>
  asked.slice(0, 1).map(({ content: { title } }) => ({
    ...{ chat: '', key: '', role: 'user', open: true, blocked: false, text: false },
    others: [{ role: '', label: '', name: title ?? texts.chat, seen: null }],
    phrases: (asked.find(isWaiting)?.content.choices ?? []).map(({ value, label }) => ({ id: value, text: label })),
    messages: asked.flatMap(linesOf).reverse(),
    unread: asked.filter(({ seenAt }) => !seenAt).length,
  }));

/** The question and the choice that was taken, the latter first. */
function linesOf({ id, content, sentAt, answeredAt, answer }: Message): Chat['messages'] {
  const { title = '', body = title, choices = [] } = content;
  const taken = choices.filter(({ value }) => value === answer);
  return [
    ...taken.map(({ label }) => ({ id: `${id} answer`, role: 'user', text: label, at: answeredAt ?? sentAt })),
    { id, role: '', text: body, at: sentAt },
  ];
}
