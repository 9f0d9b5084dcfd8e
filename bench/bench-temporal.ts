/** A Temporal server that runs. */
export interface BenchTemporal {
  readonly address: string;
  /** Seconds of CPU so far, those of its database included. */
  cpu(): number;
  stop(): Promise<void>;
}
