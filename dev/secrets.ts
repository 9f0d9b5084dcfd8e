import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SetupError } from './setup-error';

/** The keys of a development installation, generated so that nobody has to choose them. */
export interface Secrets {
  readonly writeKey: string;
  readonly adminKey: string;
  readonly secret: string;
}

/** Returns the keys kept in a folder. Generates them at the first call. */
export function keptSecrets(folder: string): Secrets {
  return {
    writeKey: keep(folder, 'writeKey', randomKey),
    adminKey: keep(folder, 'adminKey', randomKey),
    secret: keep(folder, 'secret', randomKey),
  };
}

/**
 * Returns a value kept in a folder, in a file that only its owner can read.
 * @param make creates the value at the first call
 * @throws {SetupError} when the file is damaged
 */
export function keep(folder: string, name: string, make: () => string): string {
  const kept = readKept(folder);
  const present = kept[name];
  if (present !== undefined) return present;
  const value = make();
  mkdirSync(folder, { recursive: true });
  replaceFile(join(folder, FILE), JSON.stringify({ ...kept, [name]: value }, null, 2));
  return value;
}

/**
 * Returns everything that is kept in a folder.
 * @throws {SetupError} when the file is damaged
 */
export function readKept(folder: string): Readonly<Record<string, string>> {
  const file = join(folder, FILE);
  if (!existsSync(file)) return {};
  const read = kept.safeParse(parsed(readFileSync(file, 'utf8')));
  if (read.success) return read.data;
  throw new SetupError(
    `${file} is damaged. It holds the keys, and the password of the database beside it. Put it back from a copy, or move ${folder} away to start with an empty database and new keys.`,
  );
}

const FILE = 'kept.json';
const kept = z.record(z.string(), z.string());

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Writes a file that is either there with all its content or not at all, also after a power failure or on a full disk. */
function replaceFile(file: string, content: string): void {
  const draft = `${file}.new`;
  try {
    writeFileSync(draft, content, { mode: 0o600, flush: true });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Returns 192 random bits as text that needs no quoting in URLs and shells. */
export function randomKey(): string {
  return randomBytes(24).toString('base64url').replace(/^-/, '_');
}
