import { bar } from './parts/bar';
import { buttons, words } from './parts/content';
import { inCorner } from './parts/frame';
import { h } from './parts/h';
import { STEPS_CSS, stepRows } from './parts/steps';
import { fill, texts } from './settings';

/** Small steps of an onboarding. One that is still to do may lead to where it is done. */
export const checklist = inCorner('checklist', STEPS_CSS, ({ show, actions }, { content }) => {
  const { items = [] } = content;
  const done = items.filter((item) => item.done).length;
  const said = fill(texts.step, done, items.length);
  show(
    ...words(content),
    h('div.measure', {}, bar(items.length > 0 ? done / items.length : 0, said), h('span.muted.small', {}, said)),
    h('ul.steps', {}, ...stepRows(items, actions)),
    buttons(content, actions),
  );
});
