import { createElement, type ReactElement } from 'react';
import { useChat, useFlag, useInbox, useMessage, useProgress } from '../../sdk/browser/src/react';

/** Shows what the hooks return. */
export function Screen(): ReactElement {
  const { messages, unread } = useInbox();
  const offer = useMessage('offer');
  const order = useProgress('order');
  const checkout = useFlag('new-checkout', 'old');
  const talk = useChat('delivery', 'order 7');
  return createElement(
    'main',
    null,
    createElement('p', null, `${messages.length} messages, ${unread} unread`),
    createElement('p', null, `order ${order?.progress ?? 'none'}, checkout ${checkout}`),
    offer && createElement('button', { onClick: () => offer.react('dismissed') }, offer.message.content.title),
    talk && createElement('p', null, ['said', ...talk.chat.messages.map(({ text }) => text)].join(' · ')),
    talk && createElement('button', { onClick: () => talk.say({ phrase: 'here' }) }, 'Say it'),
  );
}
