import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installOnce, installPythonOnce, run } from '../../dev/cached-install';

const report = (line: string): void => void process.stderr.write(`${line}\n`);
const at = (...path: string[]): string => join(__dirname, ...path);
const LOCKED = ['package.json', 'package-lock.json'];

/** Installs the clients of `node/package-lock.json`, for Node and browsers. Returns the folder of `node_modules`. */
export function nodeClients(): string {
  const folder = installOnce(
    {
      what: 'clients for Node and browsers',
      folder: 'clients-node',
      pinnedBy: LOCKED.map((file) => at('node', file)),
      remedy: 'Allow access to the npm registry.',
      install: (into) => {
        for (const file of LOCKED) copyFileSync(at('node', file), join(into, file));
        run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], into);
      },
    },
    report,
  );
  return join(folder, 'node_modules');
}

/** Installs the clients of `python/requirements.txt`. Returns the path of the Python that has them. */
export function pythonClients(): string {
  const requirements = at('python', 'requirements.txt');
  return join(
    installPythonOnce({ what: 'clients for Python', folder: 'clients-python', requirements }, report),
    'python',
  );
}

/** Installs the clients of `java/pom.xml`. Returns the class path. */
export function javaClients(): string {
  const folder = installOnce(
    {
      what: 'clients for the JVM',
      folder: 'clients-java',
      pinnedBy: [at('java', 'pom.xml')],
      remedy: 'Allow access to Maven Central.',
      install: (into) => {
        copyFileSync(at('java', 'pom.xml'), join(into, 'pom.xml'));
        run('mvn', ['--quiet', '--batch-mode', 'dependency:copy-dependencies', '-DoutputDirectory=jars'], into);
      },
    },
    report,
  );
  return join(folder, 'jars', '*');
}

/** Whether a program can be run. */
export function has(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs a program while the API of this process goes on. Rejects when its exit code is not 0. Returns what it printed. */
export async function runBeside(program: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(program, [...args]);
  return `${stdout}${stderr}`;
}
