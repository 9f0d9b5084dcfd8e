import type { Renderer } from '../renderer';
import type { Kind } from '../wire';
import { banner } from './banner';
import { celebration } from './celebration';
import { Chat } from './chat';
import { checklist } from './checklist';
import { Inbox } from './inbox';
import { modal } from './modal';
import { define } from './parts/element';
import { Profile } from './profile';
import { progress } from './progress';
import { rating } from './rating';
import { slideIn } from './slide-in';
import { survey } from './survey';
import { tip } from './tip';
import { poll, quiz } from './voting';

export { configure } from './settings';

/** What draws each kind of message. A prompt is a slide-in. A card is drawn by the inbox, and `chat` by the chat. */
export const renderers: Readonly<Partial<Record<Kind, Renderer>>> = {
  ...{ banner, modal, 'slide-in': slideIn, prompt: slideIn, tip },
  ...{ survey, rating, poll, quiz, progress, checklist, celebration },
};

/** Defines the elements that an app puts in its own page. */
export function defineWidgets(): void {
  define('sojourn-chat', Chat);
  define('sojourn-inbox', Inbox);
  define('sojourn-profile', Profile);
}
