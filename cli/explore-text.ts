import { describeMs } from '../engine/model/duration';
import { channelLabel, CHANNELS } from '../engine/model/channels';
import { shownName } from '../engine/model/shown-name';
import type { Defect, Exploration } from '../engine/explore';
import { treeText } from './explore-tree';

/**
 * Formats the report of one journey for the terminal.
 * @param options `tree` adds all paths and the figures
 */
export function explorationText(exploration: Exploration, { tree }: { readonly tree: boolean }): string {
  const { journey, enter, defects, warnings } = exploration;
  const title = `${journey}, entered by ${enter}`;
  const found = [
    ...(defects.length === 0 ? ['  no defects'] : defects.flatMap((defect) => defectLines('✗', defect))),
    ...warnings.flatMap((warning) => defectLines('!', warning)),
  ];
  if (!tree) return [title, ...boundLines(exploration), ...found].join('\n');
  return [
    title,
    '',
    ...treeText(exploration),
    '',
    ...factLines(exploration),
    ...boundLines(exploration),
    ...found,
  ].join('\n');
}

/** Formats the figures of one journey, one line each. */
export function factLines({
  paths,
  left,
  withoutGoal,
  shortestMs,
  longestMs,
  timedByData,
  messages,
  budget,
  awaits,
}: Exploration): string[] {
  const rows = ([...CHANNELS, 'total'] as const)
    .filter((key) => messages[key].path > 0)
    .map((key) => {
      const { day, week, path } = messages[key];
      return `    ${(key === 'total' ? key : channelLabel(key)).padEnd(9)} ${count(day)} per day, ${count(week)} per week, ${count(path)} per path`;
    });
  return [
    fact('paths', `${paths}; ${left} of them end by an exit event, which can occur in any step that waits`),
    fact('neither', `${withoutGoal} paths return without reaching the goal or an exit`),
    fact('shortest', duration(shortestMs, 'none ends by itself')),
    fact('longest', longest(longestMs, timedByData)),
    fact('awaits', awaits.map((name) => (name === '*' ? 'any activity' : shownName(name))).join(', ') || 'nothing'),
    ...(rows.length > 0 ? ['  messages, at most', ...rows] : [fact('messages', 'none')]),
    ...(budget
      ? [fact('budget', `${count(budget.most)} of ${budget.messages} messages in ${describeMs(budget.withinMs)}`)]
      : []),
  ];
}

function count(messages: number): string {
  return messages === Infinity ? 'no end' : String(messages);
}

function fact(label: string, text: string): string {
  return `  ${label.padEnd(9)} ${text}`;
}

/** The most steps that are named in a line. */
const MOST_NAMED = 5;

/** Some waits take as long as the user's data says. */
function longest(ms: number | null, timedByData: readonly string[]): string {
  const known = duration(ms, 'one may never end');
  if (ms === null || timedByData.length === 0) return known;
  const named = timedByData.slice(0, MOST_NAMED).map((step) => `'${step}'`);
  const others = timedByData.length - named.length;
  const steps = [...named, ...(others > 0 ? [`${others} more steps`] : [])].join(', ');
  return `depends on data: ${known}, or longer by the waits in ${steps}`;
}

function duration(ms: number | null, otherwise: string): string {
  return ms === null ? otherwise : describeMs(ms);
}

function boundLines({ bounds: { truncated, maxPaths, cut, rounds, loops, folded } }: Exploration): string[] {
  return [
    ...(truncated ? [`  bound     only the first ${maxPaths} paths were walked; raise the limit with --paths`] : []),
    ...(folded > 0 ? [`  folded    ${folded} times a path goes on as another one, which was walked`] : []),
    ...(cut > 0 ? [`  bound     ${cut} paths were cut off after ${rounds} rounds of ${loops.join(', ')}`] : []),
  ];
}

function defectLines(mark: '✗' | '!', { kind, step, text, path }: Defect): string[] {
  const where = step === null ? '' : ` '${step}'`;
  return [`  ${mark} ${kind}${where}: ${text}`, ...(path === null ? [] : [`      on the path ${path}`])];
}
