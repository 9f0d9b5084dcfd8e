import { stepType } from '../engine/replay/steps';
import type { Exploration, TreeEnd, TreeStep, TreeWay } from '../engine/explore';

const ENDS: Readonly<Record<TreeEnd['end'], string>> = {
  completed: 'end',
  exited: 'exit',
  left: 'exit',
  goal: 'end',
  failed: 'error',
  open: 'waits forever',
  cut: 'cut off',
  again: 'as above, from',
};
/** A repeated subtree of up to this many lines is printed again. A longer one is replaced by a reference. */
const MAX_REPEATED_LINES = 3;

/**
 * Formats the paths of a journey as an indented tree, one string per line. A subtree that occurs several times is printed once
 * and referred to afterwards. Endings that are possible in every step are left out: exits, and a goal that ends the run.
 */
export function treeText({ tree }: Exploration): string[] {
  const written = new Set<string>();

  const stepLines = ({ step, kind, text, ways }: TreeStep, indent: string): string[] => {
    const shown = ways.filter(({ next }) => !isAnywhere(kind, next));
    const head = `${indent}${step}  (${text === '' ? kind : `${kind}: ${text}`})`;
    const [only] = shown;
    if (only && shown.length === 1 && only.outcome === '') return [head, ...after(only, indent)];
    return [
      head,
      ...shown.flatMap((way) => [`${indent}├ ${way.outcome || 'goes on'}`, ...after(way, `${indent}│   `)]),
    ];
  };
  const after = ({ next }: TreeWay, indent: string): string[] => {
    if ('end' in next) return [indent + endText(next)];
    const lines = stepLines(next, '');
    const key = lines.join('\n');
    if (written.has(key) && lines.length > MAX_REPEATED_LINES) return [`${indent}↑ ${next.step}, as above`];
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
