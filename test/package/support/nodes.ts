import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce, run } from '../../../dev/cached-install';

const MANIFEST = join(__dirname, '..', 'nodes', 'package.json');
const LINES = ['22', '24'];

/** A program `node`, and its version for messages. */
export interface NodeProgram {
  readonly name: string;
  readonly program: string;
}

/** The Node.js that runs this test. */
export const OWN_NODE: NodeProgram = { name: `Node.js ${process.versions.node}`, program: process.execPath };

/** Node.js of the other release lines that the package runs on. Empty on machines that the packages of `nodes/` don't fit. */
export function otherNodes(): NodeProgram[] {
  if (process.platform !== 'linux' || process.arch !== 'x64') return [];
  const folder = installOnce(
    {
      what: `Node.js ${LINES.join(', ')}`,
      folder: 'nodes',
      pinnedBy: [MANIFEST],
      remedy: 'Allow access to the npm registry.',
      install: (into) => {
        copyFileSync(MANIFEST, join(into, 'package.json'));
        run('npm', ['install', '--no-audit', '--no-fund'], into);
      },
    },
    (line) => process.stderr.write(`${line}\n`),
  );
  return LINES.filter((line) => !process.versions.node.startsWith(`${line}.`)).map((line) => ({
    name: `Node.js ${line}`,
    program: join(folder, 'node_modules', `node-${line}`, 'bin', 'node'),
  }));
}
