import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder of this package, with its `package.json`: above this file, and above `dist/` when it is compiled. */
export const PACKAGE_FOLDER = [resolve(__dirname, '..', '..'), resolve(__dirname, '..', '..', '..')].find((folder) =>
  existsSync(join(folder, 'package.json')),
) as string;
