import type { Answer, Choice, Question } from '../../wire';
import { fill, texts } from '../settings';
import { classed, h } from './h';
import { icon } from './icons';

export const FIELD_CSS = `
fieldset{min-inline-size:0;display:flex;flex-direction:column;gap:12px}
legend{font-size:16px;line-height:1.2;font-weight:600;margin-block-end:12px}
label{cursor:pointer}
.option{display:flex;align-items:center;gap:12px;min-block-size:44px;padding:8px 12px;border:1px solid var(--_hairline);border-radius:var(--_radius-control)}
.option:hover{background:var(--_surface)}
.options{display:flex;flex-direction:column;gap:8px}
.option input{accent-color:var(--_accent);inline-size:18px;block-size:18px;margin:0;flex:none}
.option:has(:checked){border-color:var(--_accent);background:var(--_tint)}
.cells{display:grid;grid-auto-columns:minmax(0,1fr);grid-auto-flow:column;gap:4px}
.cells input{position:absolute;opacity:0;inset:0;margin:0;inline-size:100%;block-size:100%;cursor:pointer}
.cell{position:relative;display:grid;place-items:center;min-block-size:44px;border:1px solid var(--_border);border-radius:var(--_radius-control)}
.cell:hover{background:var(--_surface)}
.cell:has(:checked){background:var(--_accent);border-color:var(--_accent);color:var(--_on-accent);font-weight:600}
.cell:has(:focus-visible),.option:has(:focus-visible){outline:2px solid var(--_accent);outline-offset:2px}
.option input:focus-visible{outline:none}
.stars{justify-content:start;grid-auto-columns:44px}
.stars .cell{border:0;background:none;color:var(--_muted)}
.stars .icon{inline-size:28px;block-size:28px}
.stars .cell:has(:checked),.stars .cell:has(~ .cell :checked){color:var(--_accent)}
.stars .cell:has(:checked) .icon,.stars .cell:has(~ .cell :checked) .icon{fill:currentColor}
.ends{display:flex;justify-content:space-between;gap:16px;margin-block-start:8px}
textarea{all:unset;box-sizing:border-box;inline-size:100%;min-block-size:88px;max-block-size:240px;padding:8px 12px;border:1px solid var(--_border);border-radius:var(--_radius-control);font-size:16px;white-space:pre-wrap;overflow:auto;field-sizing:content}
textarea::placeholder{color:var(--_muted)}
textarea:focus-visible{outline:2px solid var(--_accent);outline-offset:2px}
@media (max-width:359px){.eleven{grid-auto-flow:row;grid-template-columns:repeat(6,minmax(0,1fr))}}
@media (forced-colors:active){.cell:has(:checked),.option:has(:checked){forced-color-adjust:none;background:Highlight;color:HighlightText}}`;

/** As long as an answer in words may be, where the question does not say. */
const MOST_CHARACTERS = 1000;

/** The control of a question. It has one accessible name: the question. */
export interface Field {
  readonly element: HTMLElement;
  /** Nothing while there is no answer. */
  readonly value: () => Answer | undefined;
}

/** Makes the control for a question. @param changed called whenever the answer may be another */
export function field(question: Question, answer: Answer | undefined, changed: () => void): Field {
  const { type, ask } = question;
  const legend = h('legend.title.head', { id: 'title' }, ask);
  const { body, value, onkeydown } = CONTROLS[type](question, answer, changed);
  // A group of its own: a browser may still hold the radio buttons of the question before for a group of the same name.
  for (const input of inputs(body)) input.name = `answer-${question.id}`;
  return { element: h('fieldset', { tabindex: -1, autofocus: true, onkeydown }, legend, body), value };
}

interface Control {
  readonly body: HTMLElement;
  readonly value: () => Answer | undefined;
  readonly onkeydown?: (event: KeyboardEvent) => void;
}

type MakeControl = (question: Question, answer: Answer | undefined, changed: () => void) => Control;

const CONTROLS: Readonly<Record<Question['type'], MakeControl>> = {
  choice: ({ options = [] }, answer, changed) => {
    const body = rows('radio', options, (value) => value === answer, changed);
    return { body, value: () => checked(body)[0] };
  },
  choices: ({ options = [], min = 1, max = options.length }, answer, changed) => {
    const limit = () => {
      const full = checked(body).length >= max;
      for (const input of inputs(body)) input.disabled = full && !input.checked;
      changed();
    };
    const body = rows('checkbox', options, (value) => Array.isArray(answer) && answer.includes(value), limit);
    return {
      body,
      value: () => {
        const taken = checked(body);
        return taken.length >= Math.max(1, min) ? taken : undefined;
      },
    };
  },
  scale: ({ min = 1, max = 5, ...question }, answer, changed) => numbers(min, max, question, answer, changed),
  nps: (question, answer, changed) => numbers(0, 10, question, answer, changed),
  stars: (question, answer, changed) => {
    const body = h('div.cells.stars');
    for (let n = 1; n <= 5; n++) body.append(cell(n, n === answer, changed, icon('star'), fill(texts().stars, n)));
    return { body: withEnds(body, question), value: () => numberOf(body) };
  },
  text: ({ placeholder, ask, max = MOST_CHARACTERS }, answer, changed) => {
    const body = h('textarea.input', { 'aria-label': ask, rows: 3, maxlength: max, placeholder, oninput: changed });
    body.value = typeof answer === 'string' ? answer : '';
    return { body, value: () => body.value.trim() || undefined };
  },
};

function rows(
  type: 'radio' | 'checkbox',
  options: readonly Choice[],
  isTaken: (value: string) => boolean,
  onchange: () => void,
) {
  return h(
    'div.options',
    {},
    ...options.map(({ value, label }) => {
      const input = h('input', { type, value, onchange });
      input.checked = isTaken(value);
      return h('label.option', {}, input, label);
    }),
  );
}

const inputs = (body: Element) => [...body.querySelectorAll('input')];
const checked = (body: Element) => inputs(body).flatMap((input) => (input.checked ? [input.value] : []));

function numberOf(body: Element): number | undefined {
  const [taken] = checked(body);
  return taken === undefined ? undefined : Number(taken);
}

/** A row of numbers. A digit takes its number; a 0 right after a 1 takes 10. */
function numbers(
  min: number,
  max: number,
  question: Pick<Question, 'minLabel' | 'maxLabel'>,
  answer: Answer | undefined,
  changed: () => void,
): Control {
  const body = classed(h('div'), 'cells', max - min > 7 && 'eleven');
  for (let n = min; n <= max; n++) body.append(cell(n, n === answer, changed, String(n)));
  let before = '';
  const onkeydown = ({ key }: KeyboardEvent) => {
    const wanted = before === '1' && key === '0' && max >= 10 ? '10' : key;
    before = key;
    const input = inputs(body).find(({ value }) => value === wanted);
    if (!input) return;
    input.checked = true;
    input.focus();
    changed();
  };
  return { body: withEnds(body, question), value: () => numberOf(body), onkeydown };
}

function cell(n: number, taken: boolean, onchange: () => void, shown: string | SVGElement, label?: string) {
  const input = h('input', { type: 'radio', value: n, 'aria-label': label, onchange });
  input.checked = taken;
  return h('label.cell', {}, input, shown);
}

function withEnds(cells: HTMLElement, { minLabel, maxLabel }: Pick<Question, 'minLabel' | 'maxLabel'>): HTMLElement {
  const ends =
    (minLabel ?? maxLabel) !== undefined &&
    h('div.ends.muted.small', {}, h('span', {}, minLabel), h('span', {}, maxLabel));
  return h('div', {}, cells, ends);
}
