import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { SetupError } from './setup-error';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'] as const;

/**
 * Finds Chromium: the program in CHROMIUM, or one on PATH.
 * @throws {SetupError} when there is none
 */
export function findChromium(): string {
  const { CHROMIUM, PATH = '' } = process.env;
  if (CHROMIUM) {
    if (existsSync(CHROMIUM)) return CHROMIUM;
    throw new SetupError(`CHROMIUM is '${CHROMIUM}', but no such file exists. Set it to the path of Chromium.`);
  }
  const candidates = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found !== undefined) return found;
  throw new SetupError('Chromium is not on PATH. Install it, or set CHROMIUM to its path.');
}

/**
 * Starts Chromium, without its sandbox, which it cannot create as root or in a container: open only our own pages.
 * @throws {SetupError} when there is none
 */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
}
