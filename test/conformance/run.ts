import type { TestApi } from '../api/server';
import { Bench, type Check } from './bench';

/** So many checks run at once. They mostly wait. */
const AT_ONCE = 6;

export interface Outcome {
  readonly check: Check;
  /** Why it failed; undefined if it passed. */
  readonly error?: Error;
}

export interface RunOptions {
  /** Starts the client, by the shell. */
  readonly command: string;
  /** How long a check waits for what it expects. */
  readonly patienceMs: number;
  readonly onOutcome?: (outcome: Outcome) => void;
}

/** Holds a client against checks, several at once. Returns what came of each, in their order. */
export async function runChecks(
  api: TestApi,
  checks: readonly Check[],
  { onOutcome, ...options }: RunOptions,
): Promise<readonly Outcome[]> {
  return inTurns(checks, async (check) => {
    const outcome = await runOne(api, check, options);
    onOutcome?.(outcome);
    return outcome;
  });
}

/** Works on several items at once. Returns what came of each, in their order. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const left = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

async function runOne(api: TestApi, check: Check, options: Omit<RunOptions, 'onOutcome'>): Promise<Outcome> {
  const bench = await Bench.open(api, check, options);
  try {
    await check.run(bench);
    return { check };
  } catch (error) {
    return { check, error: error instanceof Error ? error : new Error(String(error)) };
  } finally {
    await bench.close();
  }
}
