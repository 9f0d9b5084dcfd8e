/** One row of the table: a measured value and its target. */
export interface Figure {
  /** The key in `--json`. */
  readonly name: string;
  /** Distinguishes several values with the same name. */
  readonly of?: string;
  readonly value: number;
  /** The lowest and the highest value of the rounds, for a value that is their median. */
  readonly range?: Range;
  readonly unit: string;
  /** The target, if there is one. */
  readonly target?: { readonly bound: 'at least' | 'at most'; readonly value: number };
  /** The absolute values behind a ratio, and the conditions of the measurement. */
  readonly note: string;
}

export type Range = readonly [lowest: number, highest: number];

/** Returns the values by name. Several values with one name become a nested object. */
export function asJson(figures: readonly Figure[]): Record<string, unknown> {
  const json: Record<string, number | Record<string, number>> = {};
  for (const { name, of, value } of figures) {
    const before = json[name];
    json[name] = of === undefined ? value : { ...(typeof before === 'object' ? before : {}), [of]: value };
  }
  return json;
}

/** Returns the figures as lines of aligned columns: name, value, range of the rounds, target with its margin, and note. */
export function asTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { name, of, value, range, unit, target, note } = figure;
    const cells = [of === undefined ? name : `${name} ${of}`, `${short(value)} ${unit}`] as const;
    const rounds = range ? `${short(range[0])} to ${short(range[1])}` : '';
    return [
      ...cells,
      rounds,
      target ? `${target.bound} ${target.value}: ${verdict(value, target)}` : '',
      note,
    ] as const;
  });
  const width = (column: 0 | 1 | 2 | 3): number => Math.max(...rows.map((row) => row[column].length));
  return rows
    .map(([name, value, rounds, result, note]) =>
      [name.padEnd(width(0)), value.padStart(width(1)), rounds.padEnd(width(2)), result.padEnd(width(3)), note].join(
        '  ',
      ),
    )
    .join('\n');
}

/** Says whether a value meets its target, and by how much of the target. */
function verdict(value: number, { bound, value: target }: NonNullable<Figure['target']>): string {
  const margin = (bound === 'at least' ? value - target : target - value) / target;
  return `${margin >= 0 ? 'met' : 'missed'} by ${Math.abs(Math.round(margin * 100))} %`;
}

/** Rounds to three significant digits. */
export function short(value: number): number {
  return Number(value.toPrecision(3));
}
