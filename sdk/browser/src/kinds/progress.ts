import { bar } from './parts/bar';
import { buttons, picture, words } from './parts/content';
import { renderer } from './parts/frame';
import { h } from './parts/h';
import { stepRow, STEPS_CSS } from './parts/steps';
import { CORNER, FLOATING } from './parts/styles';
import { percent } from './settings';

/** How far an order or a task is: a bar and its steps. It moves as newer states arrive, and says each in words. */
export const progress = renderer({
  name: 'progress',
  css: FLOATING + CORNER + STEPS_CSS,
  role: 'dialog',
  draw: ({ show, say, actions }, { content }, _results, fresh) => {
    const { title, body, steps = [], progress: share } = content;
    const next = steps.findIndex(({ done }) => !done);
    show(
      picture(content),
      ...words(content),
      share !== undefined && bar(share, title ?? percent(share)),
      h('ol.steps', {}, ...steps.map((step, at) => stepRow(step, at === next))),
      buttons(content, actions),
    );
    if (!fresh) say(title, body);
  },
});
