import type { Renderer } from '../renderer';
import { bar } from './parts/bar';
import { buttons, picture, words } from './parts/content';
import { view } from './parts/frame';
import { h } from './parts/h';
import { STEPS_CSS, stepRow } from './parts/steps';
import { CORNER, FLOATING } from './parts/styles';
import { percent } from './settings';

/** How far an order or a task is: a bar and its steps. It moves as newer states arrive, and says each in words. */
export const progress: Renderer = (message, actions, results) => {
  let drawn = false;
  return view(
    {
      name: 'progress',
      css: FLOATING + CORNER + STEPS_CSS,
      role: 'dialog',
      draw: ({ show, say }, { content }) => {
        const { title, body, steps = [], progress: share } = content;
        show(
          picture(content),
          ...words(content),
          share !== undefined && bar(share, title ?? percent(share)),
          steps.length > 0 &&
            h(
              'ol',
              { part: 'steps' },
              ...steps.map((step, at) => stepRow(step, at === steps.findIndex(({ done }) => !done))),
            ),
          buttons(content, actions),
        );
        if (drawn) say([title, body].filter(Boolean).join('. '));
        drawn = true;
      },
    },
    message,
    actions,
    results,
  );
};
