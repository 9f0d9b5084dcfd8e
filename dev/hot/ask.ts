import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Part } from '../teardown';

/** Asks questions whose answers are lines of an input. */
export interface Asker extends Part {
  /** Resolves to whether the next line is a yes. A question that is aborted, and one after the end of the input, counts as a no. */
  ask(question: string, signal: AbortSignal): Promise<boolean>;
}

/** Reads answers, one a line. What is written before a question is asked answers none. */
export function asker(input: Readable): Asker {
  // Not as a terminal: that would keep Ctrl-C from the process.
  const lines = createInterface({ input, terminal: false });
  let answer: ((line: string) => void) | null = null;
  let ended = false;
  lines.on('line', (line) => answer?.(line));
  lines.on('close', () => {
    ended = true;
    answer?.('');
  });
  return {
    ask: async (question, signal) => {
      if (ended || signal.aborted) return false;
      process.stdout.write(question);
      const line = await new Promise<string>((resolve) => {
        answer = resolve;
        signal.addEventListener('abort', () => resolve(''), { once: true });
      });
      answer = null;
      return /^y(es)?$/i.test(line.trim());
    },
    stop: () => {
      lines.close();
      return Promise.resolve();
    },
  };
}
