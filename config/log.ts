import pino, { type Logger } from 'pino';

export type { Logger };

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
    formatters: { level: (label) => ({ level: label }) },
    // Keys of ours travel in these headers.
    redact: ['req.headers.authorization', 'req.headers.cookie'],
  });
}
