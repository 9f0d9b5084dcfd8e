/*
 * What an advance returns goes into the workflow's history. Its size has a bound, whatever was decided: Temporal refuses results
 * of 2 MB and tasks of 4 MB, and would repeat the advance for ever. Everything else stays in the database.
 */

/** Deliveries of a user that run as activities of their own at once, and as many calls. The others follow when one of them ends. */
const IN_FLIGHT = 50;
/** Decisions shown of one advance, the latest ones. */
const DECISIONS = 20;
/** Runs shown in the details of a user, the latest ones. */
const RUNS = 20;
/** Characters of one line. Names of steps may be long. */
const LINE = 300;
/** Characters of a summary. Temporal takes 400 bytes, and a character has up to three. */
const SUMMARY = 100;

/** The latest decisions, one line each, and the number of the earlier ones. */
export function latestDecisions<Decision>(
  decisions: readonly Decision[],
  line: (decision: Decision) => string,
): string[] {
  const earlier = decisions.length - DECISIONS;
  const lines = decisions.slice(-DECISIONS).map((decision) => clipped(line(decision)));
  return earlier > 0 ? [`${earlier} earlier decisions are in the timeline`, ...lines] : lines;
}

/** The runs that were entered last, one line each, and the number of the others. */
export function latestRuns<Run extends { readonly enteredAt: number }>(
  runs: readonly Run[],
  line: (run: Run) => string,
): string[] {
  const others = runs.length - RUNS;
  if (others <= 0) return runs.map((run) => clipped(line(run)));
  const latest = [...runs].sort((a, b) => b.enteredAt - a.enteredAt).slice(0, RUNS);
  return [...latest.map((run) => clipped(line(run))), `and ${others} more`];
}

/**
 * The work to begin now.
 * @param waiting work that does not run yet
 * @param running the number of works of this kind that run as activities of their own
 */
export function portion<Work>(waiting: readonly Work[], running: number): readonly Work[] {
  return waiting.slice(0, Math.max(0, IN_FLIGHT - running));
}

/** The first characters of a text that becomes a summary in the Temporal UI. */
export function summaryOf(text: string): string {
  return clipped(text, SUMMARY);
}

/** The first characters of a text, with an ellipsis if it is longer. */
function clipped(text: string, most = LINE): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
