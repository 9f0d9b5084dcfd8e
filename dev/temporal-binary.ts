import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Finds the `temporal` program: TEMPORAL_CLI, then PATH. */
export function resolveTemporalBinary(): Promise<string> {
  const set = process.env.TEMPORAL_CLI;
  if (set) return Promise.resolve(set);
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, 'temporal');
    if (existsSync(file)) {
      accessSync(file, constants.X_OK);
      return Promise.resolve(file);
    }
  }
  return Promise.reject(new Error('There is no Temporal server: set TEMPORAL_CLI.'));
}
