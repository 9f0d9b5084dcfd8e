import type { StoredJourney } from '../../engine/json/assemble';
import type { Batch } from '../../engine/simulate';
import type { PairedSums } from '../../engine/simulate/paired-tally';
import type { Drawn } from '../../engine/simulate/sample';
import type { Span } from '../../engine/simulate/span';
import type { TallySums } from '../../engine/simulate/tally';

/** The input of a thread. A thread loads the journeys from code itself, because functions cannot be passed between threads. */
export interface ThreadSetup {
  readonly journeysPath: string;
  /** Other journeys through which the same people go too; absent to simulate only one version. */
  readonly againstPath?: string;
  /** Stored journeys to add to the journeys from code. */
  readonly stored: readonly StoredJourney[];
  readonly span: Span;
}

/** A piece of work for a thread. */
export type Work =
  /** Some people of the population in a file. */
  | ({ readonly kind: 'people'; readonly file: string } & Batch)
  /** Sampled histories, complete up to `known`, epoch milliseconds. */
  | { readonly kind: 'lives'; readonly drawn: readonly Drawn[]; readonly known: number };

/** What a thread reports to the main thread: it is ready for work, or it has finished with these sums. */
export type ThreadReport =
  | { readonly kind: 'idle' }
  | { readonly kind: 'done'; readonly sums: TallySums }
  | { readonly kind: 'compared'; readonly sums: PairedSums };
