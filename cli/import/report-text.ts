import type { Totals } from './checkpoint';

/** The report at the end of an import. `rejectsFile` is null when every row was taken. */
export function reportText(
  files: readonly { readonly file: string; readonly totals: Totals }[],
  rejectsFile: string | null,
  entry: { readonly journey: string; readonly entered: number } | null,
): string {
  return [
    ...files.map(
      ({ file, totals: { rows, stored, duplicates, rejected } }) =>
        `${file}: ${count(rows, 'row')}, ${count(stored, 'call')} stored, ${number(duplicates)} stored before, ${count(rejected, 'row')} rejected`,
    ),
    ...rejectsText(rejectsFile),
    ...(entry
      ? [`${entry.journey}: ${entry.entered === 1 ? '1 person' : `${number(entry.entered)} people`} added`]
      : []),
  ].join('\n');
}

/** The report at the end of a dry run. `rejectsFile` is null when every row is valid. */
export function checkText(
  files: readonly { readonly file: string; readonly totals: Pick<Totals, 'rows' | 'rejected'> }[],
  rejectsFile: string | null,
): string {
  return [
    ...files.map(
      ({ file, totals: { rows, rejected } }) =>
        `${file}: ${count(rows, 'row')} checked, ${count(rejected, 'row')} not valid`,
    ),
    ...rejectsText(rejectsFile),
    'Nothing was sent.',
  ].join('\n');
}

function rejectsText(rejectsFile: string | null): string[] {
  return rejectsFile === null ? [] : [`Rejected rows, with their lines and reasons: ${rejectsFile}`];
}

/** A number of things: `1 row`, `12,000 rows`. */
export function count(n: number, thing: string): string {
  return `${number(n)} ${thing}${n === 1 ? '' : 's'}`;
}

function number(n: number): string {
  return n.toLocaleString('en');
}
