import type { Renderer } from '../renderer';
import { classed, h } from './parts/h';
import { icon } from './parts/icons';
import { voting } from './parts/voting';
import { fill, texts } from './settings';

const CSS = `
.verdict{display:flex;gap:8px}
.verdict .icon{color:var(--_bad)}
.verdict.good .icon{color:var(--_good)}
.verdict b{font-weight:600}`;

/** Asks a question with one right answer. What is right arrives once the person has answered. */
export const quiz: Renderer = voting('quiz', CSS, ({ right, explanation, points }, answer) => {
  if (right === undefined) return undefined;
  const t = texts();
  const good = answer === right;
  const word = [good ? t.right : t.wrong, good && points ? `+${fill(t.points, points)}` : '']
    .filter(Boolean)
    .join(' · ');
  const shown = classed(
    h(
      'div',
      {},
      icon(good ? 'check' : 'close'),
      h('div', {}, h('b', {}, word), explanation && h('p.muted', {}, explanation)),
    ),
    'verdict',
    good && 'good',
  );
  return { shown, spoken: [word, explanation] };
});
