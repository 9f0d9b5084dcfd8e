import type { Message } from '../wire';
import { bar } from './parts/bar';
import { buttons, picture, words } from './parts/content';
import { inCorner } from './parts/frame';
import { h } from './parts/h';
import { STEPS_CSS, stepRows } from './parts/steps';
import { percent } from './settings';

/** How far an order or a task is: a bar and its steps. It moves as newer states arrive, and says each in words. */
export const progress = inCorner('progress', STEPS_CSS, (frame, first) => {
  const draw = ({ content }: Message) => {
    const { title, steps = [], progress: share } = content;
    frame.show(
      picture(content),
      ...words(content),
      share !== undefined && bar(share, title ?? percent(share)),
      h('ol.steps', {}, ...stepRows(steps)),
      buttons(content, frame.actions),
    );
  };
  draw(first);
  return (newer) => {
    draw(newer);
    frame.say(newer.content.title, newer.content.body);
  };
});
