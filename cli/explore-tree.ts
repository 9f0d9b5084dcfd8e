import type { Exploration, TreeEnd, TreeStep, TreeWay } from '../engine/explore';

const ENDS: Readonly<Record<TreeEnd['end'], string>> = {
  completed: 'end',
  exited: 'exit',
  left: 'exit',
  goal: 'end: goal reached',
  failed: 'error',
  open: 'waits for ever',
  cut: 'cut off',
};
/** What is said again rather than referred to. */
const SHORT = 3;

/**
 * The paths of a journey as an indented tree. What follows from several steps alike is written once and referred to after
 * that. Exit events, which may come in any step, are left to the end.
 */
export function treeText({ tree, outline }: Exploration): string[] {
  const texts = new Map(outline.steps.map(({ step, kind, text }) => [step, text === '' ? kind : `${kind} ${text}`]));
  const written = new Map<string, string>();

  const stepLines = (step: TreeStep, indent: string): string[] => {
    const ways = step.ways.filter(({ next }) => !('end' in next) || next.end !== 'left');
    const head = `${indent}${step.step}  (${texts.get(step.step) ?? step.kind})`;
    const [only] = ways;
    if (only && ways.length === 1 && only.outcome === '') return [head, ...after(only, indent)];
    return [head, ...ways.flatMap((way) => [`${indent}├ ${way.outcome || 'goes on'}`, ...after(way, `${indent}│   `)])];
  };
  const after = ({ next }: TreeWay, indent: string): string[] => {
    if ('end' in next) return [`${indent}■ ${ENDS[next.end]}${next.reason === '' ? '' : `: ${next.reason}`}`];
    const lines = stepLines(next, '');
    const key = lines.join('\n');
    if (written.has(key) && lines.length > SHORT) return [`${indent}↑ ${next.step}, as above`];
    written.set(key, next.step);
    return lines.map((line) => indent + line);
  };
  return tree.flatMap((way) => after(way, '  '));
}
