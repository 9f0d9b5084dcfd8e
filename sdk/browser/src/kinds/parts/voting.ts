import type { Renderer } from '../../renderer';
import type { Content, Message, PollResults } from '../../wire';
import { fill, percent, texts } from '../settings';
import { picture, words } from './content';
import { renderer, type Frame } from './frame';
import { h, shown, type Child } from './h';
import { option, OPTIONS_CSS } from './options';
import { CORNER, FLOATING } from './styles';

/** Says what becomes of an answer, once the server has told it. */
type Verdict = (
  content: Content,
  answer: string,
) => { readonly shown: Child; readonly spoken: readonly (string | undefined)[] } | undefined;

/** Makes the renderer of a poll or a quiz: options as rows, in which live results grow. */
export function voting(name: 'poll' | 'quiz', css: string, verdictOf: Verdict): Renderer {
  const open = new WeakMap<Frame, ReturnType<typeof poll>>();
  return renderer({
    name,
    css: FLOATING + CORNER + OPTIONS_CSS + css,
    role: 'dialog',
    draw: (frame, message, results, fresh) => {
      if (fresh) open.set(frame, poll(frame, message, verdictOf));
      open.get(frame)?.(message, results);
    },
  });
}

const votesFor = (value: string, counted: PollResults | undefined): number =>
  counted && Object.hasOwn(counted.votes, value) ? (counted.votes[value] ?? 0) : 0;

function poll(frame: Frame, { content }: Message, verdictOf: Verdict) {
  let picked: string | undefined;
  let spoken = '';
  let last: readonly [Message, PollResults | undefined];
  const options = (content.options ?? []).map(({ value, label }) => ({
    value,
    label,
    ...option(label, () => {
      const [{ answer, content: now }] = last;
      const taken = picked ?? answer ?? undefined;
      if (taken === value || (taken !== undefined && !now.change)) return;
      picked = value;
      frame.actions.answer(value);
      refresh(...last);
    }),
  }));
  const total = h('p.total.muted.small');
  const outcome = h('div.outcome');
  frame.show(
    picture(content),
    ...words(content),
    h('div.options', { role: 'group', 'aria-labelledby': 'title' }, ...options.map(({ element }) => element)),
    outcome,
    total,
  );

  const refresh = (message: Message, results: PollResults | undefined) => {
    last = [message, results];
    const { results: when = 'after', right, change } = message.content;
    const taken = picked ?? message.answer ?? undefined;
    const counted = when === 'always' || (when === 'after' && taken !== undefined) ? results : undefined;
    for (const { value, show } of options) {
      const votes = votesFor(value, counted);
      const own = value === taken;
      show({
        ...{ votes, own, locked: taken !== undefined && !change },
        share: counted && (counted.total > 0 ? votes / counted.total : 0),
        verdict:
          taken === undefined || right === undefined
            ? undefined
            : value === right
              ? 'right'
              : own
                ? 'wrong'
                : undefined,
      });
    }
    total.textContent = counted ? fill(texts().votes, counted.total) : '';
    if (taken !== undefined) tell(message.content, taken, counted);
  };

  /** Says once what became of a choice. Votes of others that arrive later are seen, but not spoken. */
  const tell = (now: Content, taken: string, counted: PollResults | undefined) => {
    const verdict = verdictOf(now, taken);
    const label = options.find(({ value }) => value === taken)?.label ?? taken;
    const share = counted && counted.total > 0 ? `, ${percent(votesFor(taken, counted) / counted.total)}` : '';
    const key = `${taken} ${verdict !== undefined} ${counted !== undefined}`;
    if (key === spoken) return;
    spoken = key;
    outcome.replaceChildren(...shown([verdict?.shown]));
    frame.say(...(verdict?.spoken ?? [`${texts().yourChoice}: ${label}${share}`]));
  };
  return refresh;
}
