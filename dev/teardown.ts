/** Something that was started. */
export interface Part {
  stop(): Promise<void>;
}

/** Parts that run, to be stopped in reverse order. */
export interface Teardown {
  /** Remembers a part; answers it. */
  add<Started extends Part>(part: Started): Started;
  /** Stops all, the last first. One that can't be stopped doesn't keep the others from it. */
  stop(): Promise<void>;
}

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
      if (errors.length > 0) throw new AggregateError(errors, 'Not everything could be stopped');
    },
  };
}
