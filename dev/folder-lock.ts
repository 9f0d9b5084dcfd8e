import { createHash, randomUUID } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { processStart } from './process-start';
import { isSystemError, SetupError } from './setup-error';
import type { Part } from './teardown';

/** A process: its id, and its start by `processStart`. */
const holderSchema = z.object({ pid: z.int().positive(), started: z.string() });

/** How long others may take to remove the lock of a process that has died. They need a moment. Real milliseconds. */
const REMOVAL_MS = 5_000;
const AGAIN_MS = 50;

/**
 * Makes this process the only one that works in a folder. The lock of a process that has died is taken over.
 *
 * The lock is a file that names the process. It appears with all its content at once, so nobody reads half of it.
 *
 * No library is used for this. proper-lockfile (4.1.2, MIT), the usual one, tells a dead process by the time of a file that a living
 * one renews: a process that was suspended for long would count as dead.
 * @returns gives the folder free when it is stopped
 * @throws {SetupError} when another process works in the folder
 */
export async function lockFolder(folder: string): Promise<Part> {
  const file = join(folder, 'lock');
  const draft = `${file}.${randomUUID()}`;
  const mine = JSON.stringify({ pid: process.pid, started: processStart(process.pid) ?? '' });
  writeFileSync(draft, mine);
  try {
    const end = Date.now() + REMOVAL_MS;
    while (!link(draft, file)) {
      const other = contentOf(file);
      if (other !== null) {
        refuseIfAlive(folder, other);
        removeDead(file, other);
      }
      if (Date.now() > end) {
        throw new SetupError(
          `Cannot remove ${file}. If no other Sojourn process works in this folder, delete that file.`,
        );
      }
      await pause(AGAIN_MS);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    stop: async () => {
      if (contentOf(file) === mine) rmSync(file, { force: true });
    },
  };
}

/** @throws {SetupError} when the process in a lock is alive. A lock that can't be read is a remnant of a power failure. */
function refuseIfAlive(folder: string, content: string): void {
  const { data } = holderSchema.safeParse(parsed(content));
  if (!data || processStart(data.pid) !== data.started) return;
  throw new SetupError(
    `Sojourn already runs in ${folder}, as process ${data.pid}. Stop it with Ctrl-C in its terminal, or start this one in another folder.`,
  );
}

/**
 * Removes the lock of a dead process. Of several that try, only the one that creates the marker does: the others could otherwise
 * remove the lock that the first has taken meanwhile.
 */
function removeDead(file: string, content: string): void {
  const marker = `${file}.${createHash('sha256').update(content).digest('hex').slice(0, 16)}`;
  if (!link(file, marker)) return;
  if (contentOf(file) === content) rmSync(file);
  rmSync(marker);
}

/** Gives a file a second name. Returns false if the name is taken or the file is gone. */
function link(file: string, name: string): boolean {
  try {
    linkSync(file, name);
    return true;
  } catch (error) {
    if (isSystemError(error, 'EEXIST', 'ENOENT')) return false;
    throw error;
  }
}

function contentOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}
