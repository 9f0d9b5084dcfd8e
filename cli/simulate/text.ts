import type { Simulation } from '../../engine/simulate/simulation';
import type { Comparison } from '../../engine/simulate/comparison';
import { concerns, type Concern } from './concerns';
import { differencesSection, differencesTitle } from './differences';
import { findings, type Finding } from './findings';
import { isNumeric, type Section } from './section';
import { headline, sections } from './sections';

/** Formats the report for the terminal. */
export function simulationText(simulation: Simulation): string {
  return [
    headline(simulation),
    findings(simulation).map(findingText).join('\n'),
    concernsText(concerns(simulation)),
    ...sections(simulation).flatMap(sectionText),
  ].join('\n\n');
}

/** Formats a comparison for the terminal: what differs, then the report of the journeys after the edit. */
export function comparisonText(comparison: Comparison, name: string): string {
  const { after, differing, policy } = comparison;
  return [
    differencesTitle(comparison, name),
    ...(policy.length === 0 ? [] : [['The policy changed', ...policy.map((line) => `  ${line}`)].join('\n')]),
    ...(differing === 0 ? [] : sectionText(differencesSection(comparison, name))),
    simulationText(after),
  ].join('\n\n');
}

/** The figures stand below each other, so that the eye finds them. */
const FIGURE_WIDTH = 8;

function findingText({ figure, text }: Finding): string {
  return `${figure.padStart(FIGURE_WIDTH)}  ${text}`;
}

function concernsText(found: readonly Concern[]): string {
  if (found.length === 0) return 'Nothing looks wrong.';
  return ['What looks wrong', ...found.map(({ text, section }) => `  ! ${text} See ${section}.`)].join('\n');
}

function sectionText({ title, note, head, rows }: Section): string[] {
  if (rows.length === 0) return [`${title}: none`];
  const columns = head.map((label, column) => ({
    width: Math.max(...[head, ...rows].map((row) => (row[column] ?? label).length)),
    right: isNumeric(rows, column),
  }));
  const line = (row: readonly string[]): string =>
    columns
      .map(({ width, right }, column) => {
        const cell = row[column] ?? '';
        return right ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [[title, `  ${note}`, '', ...[head, ...rows].map((row) => `  ${line(row)}`)].join('\n')];
}
