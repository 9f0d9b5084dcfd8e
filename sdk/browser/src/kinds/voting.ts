import type { Renderer } from '../renderer';
import type { PollResults } from '../wire';
import { fill, percent, texts } from './settings';
import { picture, words } from './parts/content';
import { inCorner } from './parts/frame';
import { classed, h, shown } from './parts/h';
import { icon } from './parts/icons';

const CSS = `
.option{overflow:hidden;isolation:isolate}
.option[aria-disabled=true]{cursor:default;background:none;border-color:var(--_hairline)}
.option.own{border-color:var(--_accent)}
.option.right{border-color:var(--_good)}
.option.wrong{border-color:var(--_bad)}
.fill{position:absolute;inset:0;z-index:-1;background:var(--_tint)}
.mark{display:contents;color:var(--_accent)}
.right .mark{color:var(--_good)}
.wrong .mark{color:var(--_bad)}
.label{flex:1}
.own .label,b{font-weight:600}
.verdict{display:flex;gap:8px}
.verdict .icon{color:var(--_bad)}
.verdict.good .icon{color:var(--_good)}
@media (forced-colors:active){.fill{opacity:.3}}`;

const votesFor = (value: string, { votes }: PollResults): number =>
  Object.hasOwn(votes, value) ? (votes[value] ?? 0) : 0;

/**
 * Makes the renderer of a poll, or of a quiz, which is a poll with one right answer: options as rows, in which live results grow. What is
 * right arrives once the person has answered.
 */
const voting = (name: 'poll' | 'quiz'): Renderer =>
  inCorner(name, CSS, (frame, first, counted) => {
    let picked: string | undefined;
    let spoken = '';
    let message = first;
    let results = counted;
    const taken = () => picked ?? message.answer ?? undefined;
    const options = (first.content.options ?? []).map(({ value, label }) => {
      const take = () => {
        if (taken() === value || (taken() !== undefined && !message.content.change)) return;
        picked = value;
        frame.actions.answer(value);
        draw();
      };
      // It is changed in place, so that its bar grows and is not drawn anew.
      const bar = h('i.fill', { 'aria-hidden': 'true' });
      const mark = h('span.mark');
      const figures = h('span.figures.muted.small');
      const row = h('button', { type: 'button', onclick: take }, bar, mark, h('span.label', {}, label), figures);
      return { value, label, bar, mark, figures, row };
    });
    const total = h('p.total.muted.small');
    const outcome = h('div.outcome');
    frame.show(
      picture(first.content),
      ...words(first.content),
      h('div.options', { role: 'group', 'aria-labelledby': 'title' }, ...options.map(({ row }) => row)),
      outcome,
      total,
    );

    const draw = () => {
      const { results: when = 'after', right, explanation, points, change } = message.content;
      const answer = taken();
      const answered = answer !== undefined;
      const shares = when === 'always' || (when === 'after' && answered) ? results : undefined;
      const share = (value: string) => (shares?.total ? votesFor(value, shares) / shares.total : 0);
      for (const { value, bar, mark, figures, row } of options) {
        const own = value === answer;
        const isRight = answered && value === right;
        const isWrong = own && !!right && !isRight;
        classed(row, 'option', own && 'own', isRight ? 'right' : isWrong && 'wrong');
        row.setAttribute('aria-pressed', String(own));
        row.setAttribute('aria-disabled', String(answered && !change));
        const said = isRight ? texts.rightAnswer : own && texts.yourChoice;
        mark.replaceChildren(
          ...shown([said && icon(isWrong ? 'close' : 'check'), said && h('span.sr', {}, `${said}: `)]),
        );
        bar.style.setProperty('--_value', String(share(value)));
        figures.textContent = shares ? `${percent(share(value))} · ${votesFor(value, shares)}` : '';
      }
      total.textContent = shares ? fill(texts.votes, shares.total) : '';
      if (!answered) return;
      // What became of a choice is said once. Votes of others that arrive later are seen, but not spoken.
      const key = `${answer} ${!!right} ${!!shares}`;
      if (key === spoken) return;
      spoken = key;
      if (right) {
        const good = answer === right;
        const word = (good ? texts.right : texts.wrong) + (good && points ? ` · +${fill(texts.points, points)}` : '');
        const said = h('div', {}, h('b', {}, word), explanation && h('p.muted', {}, explanation));
        outcome.replaceChildren(h(good ? 'div.verdict.good' : 'div.verdict', {}, icon(good ? 'check' : 'close'), said));
        frame.say(word, explanation);
      } else {
        const label = options.find(({ value }) => value === answer)?.label ?? answer;
        frame.say(`${texts.yourChoice}: ${label}${shares?.total ? `, ${percent(share(answer))}` : ''}`);
      }
    };
    draw();
    return (newer, now) => {
      message = newer;
      results = now;
      draw();
    };
  });

/** Asks for one of several options, and shows what all have chosen. */
export const poll = voting('poll');

/** Asks a question with one right answer. */
export const quiz = voting('quiz');
