import Module from 'node:module';
import { extname, join } from 'node:path';

/** What journeys import of ours, and the file it is: source where we run from source, compiled where we are compiled. */
const FILES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({ sojourn: 'index', 'sojourn/testing': 'testing' }).map(([name, file]) => [
    name,
    join(__dirname, '..', file + extname(__filename)),
  ]),
);

/** The part of Node.js's own resolution that loaders replace. It is not in its types. */
interface Resolution {
  _resolveFilename?: (request: string, ...rest: readonly unknown[]) => string;
}

let done = false;

/**
 * From here on `sojourn` is this engine, whoever requires it and wherever that file lies: a journey in another folder, of
 * another commit, or of a team that has a copy of the package. So journeys always run on the engine that loads them, and there
 * is one instance of it. (What Jest loads goes by its `moduleNameMapper`, an ES module by its own `node_modules`.)
 */
export function resolveOwnPackage(): void {
  const resolution = Module as Resolution;
  const { _resolveFilename: usual } = resolution;
  if (done || usual === undefined) return;
  done = true;
  resolution._resolveFilename = (request, ...rest) =>
    (Object.hasOwn(FILES, request) ? FILES[request] : undefined) ?? usual(request, ...rest);
}
