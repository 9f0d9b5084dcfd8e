/** A number of people by the number of messages that each received. */
export interface Received {
  readonly messages: number;
  readonly count: number;
}

/** How messages are spread over people. */
export interface Spread {
  readonly people: number;
  readonly mean: number;
  /** Half of the people received this many or fewer. */
  readonly median: number;
  /** The tenth of the people who received most, rounded up to whole people. `least` is what each of them received at least. */
  readonly top: { readonly people: number; readonly mean: number; readonly least: number };
}

/** Sums up how messages are spread over people. */
export function spreadOf(received: readonly Received[]): Spread {
  const rows = [...received].sort((a, b) => b.messages - a.messages);
  const people = rows.reduce((all, { count }) => all + count, 0);
  const all = take(rows, people);
  const top = take(rows, Math.ceil(people / 10));
  const { least: median } = take(rows, Math.floor(people / 2) + 1);
  return { people, mean: all.mean, median, top };
}

/** The first `people` of the rows. */
function take(rows: readonly Received[], people: number): Spread['top'] {
  let [left, sum, least] = [people, 0, 0];
  for (const { messages, count } of rows) {
    if (left === 0) break;
    const taken = Math.min(left, count);
    [left, sum, least] = [left - taken, sum + taken * messages, messages];
  }
  return { people, mean: people === 0 ? 0 : sum / people, least };
}
