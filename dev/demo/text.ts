type Cell = string | number;

const GAP = '  ';

/** Aligns rows in columns, one string per row. A column is right-aligned if its last cell is a number. */
export function columns(rows: readonly (readonly Cell[])[]): string[] {
  const last = rows.at(-1) ?? [];
  const widths = last.map((_, column) => Math.max(...rows.map((row) => String(row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return typeof last[column] === 'number' ? String(cell).padStart(width) : String(cell).padEnd(width);
      })
      .join(GAP)
      .trimEnd(),
  );
}

/** Formats counts, leaving out zeros: `3 active · 1 dormant`. */
export function tally(counts: readonly (readonly [what: string, count: number])[]): string {
  return counts
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(' · ');
}

/** Formats a part of a whole, in percent and absolute numbers. */
export function share(part: number, whole: number): string {
  return whole === 0 ? 'no data yet' : `${Math.round((100 * part) / whole)} % (${part} of ${whole})`;
}
