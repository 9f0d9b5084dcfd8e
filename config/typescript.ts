import { extname } from 'node:path';
import type * as Tsx from 'tsx/cjs/api';

/** Whether Sojourn runs from source, where whoever started it has brought a loader for TypeScript. */
const FROM_SOURCE = extname(__filename) === '.ts';

let loads: boolean | null = null;

/**
 * Whether journeys in TypeScript can be loaded: from source always, and in Jest by its `transform`. A compiled Sojourn loads them with
 * `tsx`, if that is installed. It belongs to development: in production the journeys are compiled.
 */
export function loadsTypeScript(): boolean {
  return (loads ??= FROM_SOURCE || inJest() || registerTsx());
}

/** Jest has a module system of its own, without the loaders of Node.js. */
function inJest(): boolean {
  // The only trace of it: Node.js has announced the end of this property, and never its date.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  return !('.js' in require.extensions);
}

function registerTsx(): boolean {
  try {
    // Beside Sojourn, or in the project in the working directory, which has it among its `devDependencies`.
    const api = require.resolve('tsx/cjs/api', { paths: [__dirname, process.cwd()] });
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- only where TypeScript is found, and tsx installed
    (require(api) as typeof Tsx).register();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return false;
    throw error;
  }
}
