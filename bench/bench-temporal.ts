/** A running Temporal server. */
export interface BenchTemporal {
  readonly address: string;
  /** Returns the CPU time used so far, including its database, in seconds. */
  cpu(): number;
  stop(): Promise<void>;
}
