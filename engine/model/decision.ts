/** A change of stage, with the reason. `at` is epoch milliseconds. */
export interface StageChange {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** One line about a decision, for the timeline, logs and summaries. It has no personal data. `at` is epoch milliseconds. */
export interface Decision {
  readonly at: number;
  readonly journey: string | null;
  readonly step: string | null;
  readonly what: string;
  readonly reason: string;
}
