import type { Outline, OutlineStep } from '../definitions/definitions';
import { numberless } from './numberless';

/** A loop of more rounds is drawn as one round. */
const MOST_ROUNDS = 10;

/** A journey as a flowchart for Mermaid (https://mermaid.js.org/syntax/flowchart.html). */
export function mermaid(trigger: string, outline: Pick<Outline, 'steps' | 'edges'>): string {
  const { steps, edges } = inOneRound(outline);
  const nodes = new Map(steps.map(({ step }, index) => [step, `s${index}`]));
  const nodeOf = (step: string | null, other: string): string => (step === null ? other : (nodes.get(step) ?? other));
  return [
    'flowchart TD',
    `  enter([${quoted(trigger)}])`,
    ...steps.map(
      ({ step, kind, text }) =>
        `  ${nodeOf(step, 'enter')}[${quoted(`${step}\n${text === '' ? kind : `${kind}: ${text}`}`)}]`,
    ),
    '  leave([end])',
    ...edges.map(({ from, to, when }) => {
      const label = when === '' ? '' : `|${quoted(when)}|`;
      return `  ${nodeOf(from, 'enter')} -->${label} ${nodeOf(to, 'leave')}`;
    }),
  ].join('\n');
}

/** The outline with one step for all rounds of a long loop. Its name has `…` in place of the numbers. */
function inOneRound({ steps, edges }: Pick<Outline, 'steps' | 'edges'>): Pick<Outline, 'steps' | 'edges'> {
  const alike = ({ step, kind, text }: OutlineStep): string => JSON.stringify([numberless(step), kind, text]);
  const rounds = new Map<string, number>();
  for (const step of steps) rounds.set(alike(step), (rounds.get(alike(step)) ?? 0) + 1);
  const isLong = (step: OutlineStep): boolean => (rounds.get(alike(step)) ?? 0) > MOST_ROUNDS;
  const names = new Map(
    steps.map((one) => [one.step, isLong(one) ? one.step.replace(/\d+/g, '…') : one.step] as const),
  );
  const nameOf = (step: string | null): string | null => (step === null ? null : (names.get(step) ?? step));
  const drawn = new Map(steps.map((one) => [nameOf(one.step) ?? one.step, one]));
  const ways = edges.map(({ from, to, when }) => ({ from: nameOf(from), to: nameOf(to), when }));
  return {
    steps: [...drawn].map(([step, one]) => ({ ...one, step })),
    edges: [...new Map(ways.map((way) => [JSON.stringify(way), way])).values()],
  };
}

/** The text in quotes. Characters that mean something to Mermaid or HTML are written as entity codes. */
function quoted(text: string): string {
  const escaped = text
    .replace(/[#"<>&`\\]/g, (character) => `#${character.codePointAt(0) ?? 0};`)
    .replaceAll('\n', '<br/>');
  return `"${escaped}"`;
}
