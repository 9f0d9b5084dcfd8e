import type { Outline } from '../definitions/definitions';
import { inOneRound } from './rounds';

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

/** The text in quotes. Characters that mean something to Mermaid or HTML are written as entity codes. */
function quoted(text: string): string {
  const escaped = text
    .replace(/[#"<>&`\\]/g, (character) => `#${character.codePointAt(0) ?? 0};`)
    .replaceAll('\n', '<br/>');
  return `"${escaped}"`;
}
