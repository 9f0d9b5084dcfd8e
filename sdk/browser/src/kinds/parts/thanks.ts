import type { Frame } from './frame';
import { h } from './h';
import { icon } from './icons';

/** Long enough to read a line. */
const THANKS_MS = 2000;

/** Thanks the person and takes the message away, at once if there is nothing to say. */
export function thank({ show, say, actions }: Frame, thanks: string | undefined): void {
  if (!thanks) return actions.dismiss();
  show(h('div.thanks.head', { tabindex: -1, autofocus: true }, icon('check'), h('p.title', { id: 'title' }, thanks)));
  say(thanks);
  setTimeout(actions.dismiss, THANKS_MS);
}
