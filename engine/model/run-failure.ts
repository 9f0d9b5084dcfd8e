/** Why a run is parked. It resumes under any other version of the definitions. */
export interface RunFailure {
  /** The message of the error. */
  readonly error: string;
  /** The step in which the code threw, or the last one before; null before the first step. */
  readonly step: string | null;
  /** Epoch milliseconds of logical time. */
  readonly at: number;
  /** The version of the definitions whose code threw. */
  readonly version: string;
  /** What the Temporal UI shows of the error: text without personal data. Absent if the code threw it. */
  readonly shown?: string;
}
