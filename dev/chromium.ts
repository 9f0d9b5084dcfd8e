import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupError } from './setup-error';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'] as const;

/**
 * Finds a Chromium: the program CHROMIUM names, else one on PATH.
 * @throws {SetupError} where there is none
 */
export function findChromium(): string {
  const { CHROMIUM, PATH = '' } = process.env;
  if (CHROMIUM) {
    if (existsSync(CHROMIUM)) return CHROMIUM;
    throw new SetupError(`CHROMIUM names '${CHROMIUM}', and no such file exists.`);
  }
  const candidates = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found !== undefined) return found;
  throw new SetupError('There is no Chromium on PATH. Install one, or name its program in CHROMIUM.');
}
