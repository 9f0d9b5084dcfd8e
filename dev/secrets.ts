import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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
 */
export function keep(folder: string, name: string, make: () => string): string {
  const file = join(folder, 'kept.json');
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
  const present = kept[name];
  if (present !== undefined) return present;
  const value = make();
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify({ ...kept, [name]: value }, null, 2), { mode: 0o600 });
  return value;
}

/** Returns 192 random bits as text that needs no quoting in URLs and shells. */
export function randomKey(): string {
  return randomBytes(24).toString('base64url').replace(/^-/, '_');
}
