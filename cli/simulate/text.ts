import type { Simulation } from '../../engine/simulate/simulation';
import { isNumeric, type Section } from './section';
import { headline, sections } from './sections';

/** Formats the report for the terminal. */
export function simulationText(simulation: Simulation): string {
  return [headline(simulation), ...sections(simulation).flatMap(sectionText)].join('\n\n');
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
