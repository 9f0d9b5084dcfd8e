/** A running part, such as a server. */
export interface Part {
  stop(): Promise<void>;
}

/** A stack of running parts. */
export interface Teardown {
  /** Adds a part, and returns it. */
  add<Started extends Part>(part: Started): Started;
  /**
   * Stops all parts, the last one first. Continues when a part fails to stop.
   * @throws {AggregateError} with the errors of all parts that failed to stop
   */
  stop(): Promise<void>;
}

/** Creates an empty teardown. */
export function createTeardown(): Teardown {
  const parts: Part[] = [];
  return {
    add: (part) => {
      parts.push(part);
      return part;
    },
    stop: async () => {
      const errors: unknown[] = [];
      for (let last = parts.pop(); last; last = parts.pop())
        await last.stop().catch((error: unknown) => errors.push(error));
      if (errors.length > 0) throw new AggregateError(errors, 'Some parts could not be stopped');
    },
  };
}
