import { stepType } from '../engine/replay/steps';
import type { Exploration, TreeEnd, TreeStep, TreeWay } from '../engine/explore';

const ENDS: Readonly<Record<TreeEnd['end'], string>> = {
  completed: 'end',
  exited: 'exit',
  left: 'exit',
  goal: 'end',
  failed: 'error',
  open: 'waits for ever',
  cut: 'cut off',
};
/** What is said again rather than referred to. */
const SHORT = 3;

/**
 * The paths of a journey as an indented tree. What follows from several steps alike is written once and referred to after
 * that. What may happen in any step, exits and a goal that ends the run, is left out.
 */
export function treeText({ tree }: Exploration): string[] {
  const written = new Set<string>();

  const stepLines = ({ step, kind, text, ways }: TreeStep, indent: string): string[] => {
    const told = ways.filter(({ next }) => !isAnywhere(kind, next));
    const head = `${indent}${step}  (${text === '' ? kind : `${kind}: ${text}`})`;
    const [only] = told;
    if (only && told.length === 1 && only.outcome === '') return [head, ...after(only, indent)];
    return [head, ...told.flatMap((way) => [`${indent}├ ${way.outcome || 'goes on'}`, ...after(way, `${indent}│   `)])];
  };
  const after = ({ next }: TreeWay, indent: string): string[] => {
    if ('end' in next) return [indent + endText(next)];
    const lines = stepLines(next, '');
    const key = lines.join('\n');
    if (written.has(key) && lines.length > SHORT) return [`${indent}↑ ${next.step}, as above`];
    written.add(key);
    return lines.map((line) => indent + line);
  };
  return tree.flatMap((way) =>
    way.outcome === '' ? after(way, '  ') : [`  ├ ${way.outcome}`, ...after(way, '  │   ')],
  );
}

function isAnywhere(kind: TreeStep['kind'], next: TreeStep | TreeEnd): boolean {
  return 'end' in next && (next.end === 'left' || (next.end === 'goal' && !stepType(kind).waitsForEvents));
}

function endText({ end, reason, reachedGoal }: TreeEnd): string {
  const why = reason === '' || end === 'completed' || end === 'goal' ? '' : `: ${reason}`;
  return `■ ${ENDS[end]}${why}${reachedGoal ? ', goal reached' : ''}`;
}
