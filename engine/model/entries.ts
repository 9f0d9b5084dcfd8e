/** A user's entries into one journey, for `reenter`. */
export interface Entry {
  /** When the user last entered, epoch milliseconds. */
  readonly at: number;
  /** How often the user has entered. */
  readonly count: number;
  /** The id of the last trigger. It distinguishes one silence from the next. */
  readonly trigger: string;
  /** When the user last entered before `at` by an entry that counts, epoch milliseconds. Absent if they had not. */
  readonly previous?: number;
  /** The latest time from which events count for a run of the journey, epoch milliseconds. Absent from older memories. */
  readonly since?: number;
  /** The last entry does not count for `reenter`: its run ended by an exit that says so. */
  readonly uncounted?: true;
}

/**
 * When the user last entered by an entry that counts for `reenter`, epoch milliseconds.
 * @returns undefined when they have not
 */
export function countedAt(entry: Entry | undefined): number | undefined {
  return entry?.uncounted ? entry.previous : entry?.at;
}

/** The ended runs of one journey and key. Times are epoch milliseconds. */
export interface EndedRuns {
  /** When the user last entered by an entry that counts for `reenter`; null when they have not. */
  readonly countedAt: number | null;
  /** The latest time from which events count for one of these runs, which is when its trigger happened. */
  readonly since: number | null;
}

/** What is known of the turns at which a user may enter a journey; see `user/schedules.ts`. */
export interface Scheduled {
  /** What the turns are made of; null when the user has none any more. */
  readonly madeOf: string | null;
  /** Since when it is known, epoch milliseconds. */
  readonly since: number;
  /** The zone in which the turns come, and since when it is known to be the user's, epoch milliseconds. Absent for instants. */
  readonly zone?: { readonly name: string; readonly since: number };
  /** The last turn that has let the user enter or was refused. Absent if there was none. */
  readonly last?: string | number;
}

/** The step that started a run, and its run and journey. */
export interface Starter {
  readonly run: string;
  readonly journey: string;
  readonly step: string;
}
