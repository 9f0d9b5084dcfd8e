import pino, { type Logger } from 'pino';

export type { Logger };

/** What an error of somebody else's code tells without what it says: that may name a person. */
export function traceOf(error: unknown): { readonly type: string; readonly code?: string; readonly stack: string } {
  if (!(error instanceof Error)) return { type: typeof error, stack: '' };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  // The message stands at the head of the stack, and may have lines that look like those of the stack.
  const frames = (error.stack ?? '')
    .replace(error.message, () => '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '));
  return { type: error.name, ...code, stack: frames.join('\n') };
}

/** What a log may say of an error: PostgreSQL puts values into `detail` and `where`, not into the message. */
export function blame(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  return { name, message, stack, code: 'code' in error ? error.code : undefined };
}

/**
 * Makes the log of one part of ours: a JSON object per line, to stdout.
 * @param part which part, as `name`
 * @param level the least severe that is written, a level of pino
 */
export function createLogger(part: string, level: string): Logger {
  return pino({
    name: part,
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: blame },
    formatters: { level: (label) => ({ level: label }) },
    // Keys of ours travel in these headers.
    redact: ['req.headers.authorization', 'req.headers.cookie'],
  });
}
