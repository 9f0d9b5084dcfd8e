type Cell = string | number;

const GAP = '  ';

/** Rows under each other: numbers to the right, texts to the left, by what the last row holds. */
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

/** How many of what, leaving out what there is none of: `3 active · 1 dormant`. */
export function tally(counts: readonly (readonly [what: string, count: number])[]): string {
  return counts
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(' · ');
}

/** A part of a whole, in percent and in full. */
export function share(part: number, whole: number): string {
  return whole === 0 ? 'nobody yet' : `${Math.round((100 * part) / whole)} % (${part} of ${whole})`;
}
