import pino, { type Logger } from 'pino';

export type { Logger };

/** The type, code and stack of an error without its message. Messages of errors from authors' code may contain personal data. */
export function traceOf(error: unknown): { readonly type: string; readonly code?: string; readonly stack: string } {
  if (!(error instanceof Error)) return { type: typeof error, stack: '' };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  // The stack begins with the message, which may contain lines that look like stack frames.
  const frames = (error.stack ?? '')
    .replace(error.message, () => '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '));
  return { type: error.name, ...code, stack: frames.join('\n') };
}

/** The parts of an error that are safe to log. PostgreSQL puts values only into `detail` and `where`, which are left out. */
export function blame(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  return { name, message, stack, code: 'code' in error ? error.code : undefined };
}

/**
 * Creates the logger of one part of the system. It writes one JSON object per line to stdout.
 * @param part the name of the part, logged as `name`
 * @param level the lowest level that is written, by pino's names
 */
export function createLogger(part: string, level: string): Logger {
  return pino({
    name: part,
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: blame },
    formatters: { level: (label) => ({ level: label }) },
    // These headers contain credentials.
    redact: ['req.headers.authorization', 'req.headers.cookie'],
  });
}
