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
    ...(rejectsFile === null ? [] : [`Rejected rows, with their lines and reasons: ${rejectsFile}`]),
    ...(entry ? [`${entry.journey}: ${number(entry.entered)} people added`] : []),
  ].join('\n');
}

/** A number of things: `1 row`, `12,000 rows`. */
export function count(n: number, thing: string): string {
  return `${number(n)} ${thing}${n === 1 ? '' : 's'}`;
}

function number(n: number): string {
  return n.toLocaleString('en');
}
