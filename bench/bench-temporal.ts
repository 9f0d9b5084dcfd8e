/** A running Temporal server. */
export interface BenchTemporal {
  readonly address: string;
  /** Where its metrics are, if it publishes them. */
  readonly metricsUrl: string | null;
  /** Returns the CPU time used so far, including its database, in seconds. */
  cpu(): number;
  stop(): Promise<void>;
}
