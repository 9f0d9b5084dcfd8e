import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The keys a process of ours needs and nobody should have to think up. */
export interface Secrets {
  readonly writeKey: string;
  readonly adminKey: string;
  readonly secret: string;
}

/** The folder's keys, generated at the first start. */
export function keptSecrets(folder: string): Secrets {
  return {
    writeKey: keep(folder, 'writeKey', randomKey),
    adminKey: keep(folder, 'adminKey', randomKey),
    secret: keep(folder, 'secret', randomKey),
  };
}

/** A value made once and from then on kept in the folder, in a file that only its owner may read. */
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

/** 192 random bits, fit for URLs and shells. */
export function randomKey(): string {
  return randomBytes(24).toString('base64url').replace(/^-/, '_');
}
