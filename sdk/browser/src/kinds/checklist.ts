import { bar } from './parts/bar';
import { buttons, words } from './parts/content';
import { renderer } from './parts/frame';
import { h } from './parts/h';
import { STEPS_CSS, stepRow } from './parts/steps';
import { CORNER, FLOATING } from './parts/styles';
import { fill, texts } from './settings';

/** Small steps of an onboarding. One that is still to do may lead to where it is done. */
export const checklist = renderer({
  name: 'checklist',
  css: FLOATING + CORNER + STEPS_CSS,
  role: 'dialog',
  draw: ({ show, actions }, { content }) => {
    const { items = [] } = content;
    const done = items.filter((item) => item.done).length;
    const said = fill(texts().step, done, items.length);
    const next = items.findIndex((item) => !item.done);
    show(
      ...words(content),
      h('div.measure', {}, bar(items.length > 0 ? done / items.length : 0, said), h('span.muted.small', {}, said)),
      h('ul.steps', {}, ...items.map((item, at) => stepRow(item, at === next, actions))),
      buttons(content, actions),
    );
  },
});
