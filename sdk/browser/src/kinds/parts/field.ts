import type { Answer, Choice, Question } from '../../wire';
import { fill, texts } from '../settings';
import { h } from './h';
import { icon } from './icons';

export const FIELD_CSS = `legend{margin-bottom:12px}
.option input{accent-color:var(--_accent);width:18px;height:18px;margin:0;flex:none}
.option:has(:checked){border-color:var(--_accent);background:var(--_tint)}
.cells{display:grid;grid-auto-columns:minmax(0,1fr);grid-auto-flow:column;gap:4px}
.cells input{position:absolute;opacity:0}
.cell{display:grid;place-items:center;padding:0}
.cell:has(:checked){background:var(--_accent);border-color:var(--_accent);color:var(--_on-accent);font-weight:600}
.stars{justify-content:start;grid-auto-columns:44px}
.stars .cell{border:0;background:none;color:var(--_muted)}
.stars .icon{width:28px;height:28px}
.stars :is(.cell:has(:checked),.cell:has(~ .cell :checked)) .icon{color:var(--_accent);fill:currentColor}
.ends{display:flex;justify-content:space-between;gap:16px;margin-top:8px}
textarea{width:100%;min-height:88px;max-height:240px;font-size:16px;white-space:pre-wrap;overflow:auto;field-sizing:content;cursor:text}
@media (max-width:359px){.eleven{grid-auto-flow:row;grid-template-columns:repeat(6,minmax(0,1fr))}}`;

/** As long as an answer in words may be, where the question does not say. */
const MOST_CHARACTERS = 1000;

/** The control of a question. It has one accessible name: the question. */
export interface Field {
  readonly element: HTMLElement;
  /** Nothing while there is no answer. */
  readonly value: () => Answer | undefined;
}

type MakeField = (question: Question, answer: Answer | undefined, changed: () => void) => Field;

/** Makes the control for a question. @param changed called whenever the answer may be another */
export const field: MakeField = (question, ...rest) =>
  (question.type === 'text' ? words : selection)(question, ...rest);

function group({ ask }: Question, body: HTMLElement, onkeydown?: (event: KeyboardEvent) => void): HTMLElement {
  const legend = h('legend.title.head', { id: 'title' }, ask);
  return h('fieldset', { tabindex: -1, autofocus: true, onkeydown }, legend, body);
}

const words: MakeField = (question, answer, oninput) => {
  const { placeholder, ask, max: maxlength = MOST_CHARACTERS } = question;
  const body = h('textarea.input', { 'aria-label': ask, maxlength, placeholder, oninput });
  body.value = typeof answer === 'string' ? answer : '';
  return { element: group(question, body), value: () => body.value.trim() || undefined };
};

/** The first and the last number of a question that is answered by one; nothing of a question with options. */
const rangeOf = ({ type, min = 1, max = 5 }: Question): readonly [number, number] | undefined =>
  type === 'scale' ? [min, max] : type === 'nps' ? [0, 10] : type === 'stars' ? [1, 5] : undefined;

const numbers = ([from, to]: readonly [number, number]): Choice[] =>
  Array.from({ length: to - from + 1 }, (_, at) => ({ value: `${from + at}`, label: `${from + at}` }));

/** Rows of options, or a row of numbers. A digit takes its number, and two digits in turn take theirs. */
const selection: MakeField = (question, answer, changed) => {
  const { id, type, min = 1, minLabel, maxLabel } = question;
  const range = rangeOf(question);
  const options = range ? numbers(range) : (question.options ?? []);
  const { max = options.length } = question;
  const several = type === 'choices';
  const stars = type === 'stars';
  const given: readonly unknown[] = Array.isArray(answer) ? answer : [answer];

  const taken = () => inputs.filter((input) => input.checked);
  const onchange = () => {
    if (several) for (const input of inputs) input.disabled = !input.checked && taken().length >= max;
    changed();
  };
  const inputs = options.map(({ value }) =>
    h('input', {
      type: several ? 'checkbox' : 'radio',
      // A group of its own: a browser may still hold the radio buttons of the question before for a group of the same name.
      name: `answer-${id}`,
      checked: given.includes(range ? Number(value) : value),
      'aria-label': stars && fill(texts.stars, Number(value)),
      ...{ value, onchange },
    }),
  );
  const rows = options.map(({ label }, at) =>
    h(range ? 'label.cell' : 'label.option', {}, inputs[at], stars ? icon('star') : label),
  );
  const many = rows.length > 8;
  const body = h(
    stars ? 'div.cells.stars' : !range ? 'div.options' : many ? 'div.cells.eleven' : 'div.cells',
    {},
    ...rows,
  );

  let before = '';
  const onkeydown = ({ key }: KeyboardEvent) => {
    const of = (wanted: string) => range && inputs.find(({ value }) => value === wanted);
    const input = of(before + key) ?? of(key);
    before = key;
    if (!input) return;
    input.checked = true;
    input.focus();
    changed();
  };
  const ends =
    (minLabel ?? maxLabel) && h('div.ends.muted.small', {}, h('span', {}, minLabel), h('span', {}, maxLabel));
  return {
    element: group(question, h('div', {}, body, ends), onkeydown),
    value: () => {
      const values = taken().map(({ value }) => value);
      if (several) return values.length >= Math.max(1, min) ? values : undefined;
      return range && values[0] ? Number(values[0]) : values[0];
    },
  };
};
