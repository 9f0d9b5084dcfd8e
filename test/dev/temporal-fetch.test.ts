import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { SetupError } from '../../dev/setup-error';
import { resolveTemporalBinary } from '../../dev/temporal-binary';
import { VERSION } from '../../dev/temporal-fetch';
import { inTemporaryFolder } from '../support/folder';
import { until } from '../support/until';
import { archiveOf, bareMachine, type BareMachine } from './support/bare-machine';
import { startDownloadService, type DownloadService } from './support/download-service';

const FETCHED = `temporal-${VERSION}`;
const BUILT = ['echo "$@" > "$GOBIN/../arguments"', `printf '#!/bin/sh\\necho built\\n' > "$GOBIN/temporal"`] as const;

type Archive = (response: ServerResponse) => void;
const refuse: Archive = (response) => void response.writeHead(503).end();
/** Closes the connection in the middle of the archive. */
const abort: Archive = (response) => {
  response.writeHead(200, { 'content-length': 1_000 });
  response.write('half an archi', () => response.destroy());
};

const environment = { ...process.env };
afterEach(() => {
  process.env = { ...environment };
});

/** Runs a test on a bare machine, with a stand-in for the download service. */
function onBareMachine(
  archive: Archive | 'works',
  work: (machine: BareMachine, service: DownloadService, folder: string) => Promise<void>,
): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    const machine = bareMachine(folder);
    const file = archiveOf(folder, 'temporal', 'downloaded');
    const serve: Archive = (response) => void response.end(readFileSync(file));
    const service = await startDownloadService('temporal', archive === 'works' ? serve : archive);
    Object.assign(process.env, machine.env);
    try {
      await work(machine, service, folder);
    } finally {
      await service.stop();
    }
  });
}

const resolve = ({ url }: DownloadService): Promise<string> => resolveTemporalBinary(() => undefined, url);
const outputOf = (program: string): string => execFileSync(program, { encoding: 'utf8' }).trim();

test('the program is downloaded once, for this platform, without using Go', () =>
  onBareMachine('works', async (machine, service) => {
    machine.install('go', 'exit 1');
    const program = await resolve(service);
    expect(outputOf(program)).toBe('downloaded');
    expect(machine.fetched()).toEqual([FETCHED]);
    expect(service.requests).toEqual([
      expect.stringMatching(/^\/cli\?platform=(linux|darwin)&arch=(amd64|arm64)&format=tar\.gz$/),
      '/archive.tar.gz',
    ]);
    await expect(resolve(service)).resolves.toBe(program);
    expect(service.requests).toHaveLength(2);
  }));

test('a program on PATH has priority over the cache', () =>
  onBareMachine('works', async (machine, service) => {
    await resolve(service);
    machine.install('temporal', 'echo "installed (Server 1.29.1)"');
    expect(outputOf(await resolve(service))).toBe('installed (Server 1.29.1)');
  }));

test('a program on PATH that is too old is passed over, and the screen says why and what happens instead', () =>
  onBareMachine('works', async (machine, { url }) => {
    machine.install('temporal', 'echo "temporal version 0.10.7 (server 1.21.5) (ui 2.17.2)"');
    const screen: string[] = [];
    const program = await resolveTemporalBinary((line) => screen.push(line), url);
    expect(outputOf(program)).toBe('downloaded');
    expect(screen).toEqual([
      expect.stringMatching(/^passing over \S+temporal: its server 1\.21 is older than 1\.24$/),
      `fetching the Temporal server ${VERSION}, once for this account: a download, or a build with Go of a few minutes`,
      expect.stringMatching(/^downloading \S+archive\.tar\.gz \(0 MB\)$/),
      'the Temporal server is fetched, and is found at the next start',
    ]);
  }));

test.each([
  ['refused', refuse],
  ['interrupted', abort],
])('when the download is %s, Go builds the same version', (_, archive) =>
  onBareMachine(archive, async (machine, service, folder) => {
    machine.install('go', ...BUILT);
    const program = await resolve(service);
    expect(outputOf(program)).toBe('built');
    expect(readFileSync(join(folder, 'cache', 'arguments'), 'utf8')).toMatch(
      new RegExp(`^install .*github\\.com/temporalio/cli/cmd/temporal@${VERSION}$`, 'm'),
    );
    expect(machine.fetched().sort()).toEqual(['arguments', FETCHED]);
  }),
);

test('without Go the error lists all attempts and the remedies', () =>
  onBareMachine(refuse, async (machine, service) => {
    const refusal = await resolve(service).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(SetupError);
    const { message } = refusal as SetupError;
    expect(message).toContain("'temporal' is not on PATH");
    expect(message).toMatch(new RegExp(`download from ${service.url} failed: .* answered 503`));
    expect(message).toMatch(/'go install' failed: .*ENOENT/);
    expect(message).toMatch(/TEMPORAL_CLI.*install Go.*TEMPORAL_ADDRESS/);
    expect(machine.fetched()).toEqual([]);
  }));

test('a failed build leaves no files, and the error has the end of its output', () =>
  onBareMachine(abort, async (machine, service) => {
    machine.install('go', 'echo half > "$GOBIN/temporal"', 'echo "no space left" >&2', 'exit 1');
    await expect(resolve(service)).rejects.toThrow(/download from [^]*'go install' failed: no space left/);
    expect(machine.fetched()).toEqual([]);
  }));

/** Starts a fetch in a separate process, and interrupts it with Ctrl-C once `started` returns true. */
async function interrupted({ url }: DownloadService, started: () => boolean): Promise<void> {
  const args = ['--import', require.resolve('tsx'), join(__dirname, 'fixtures', 'fetch.ts'), url];
  const fetching = spawn(process.execPath, args, { stdio: 'ignore', env: process.env });
  const ended = once(fetching, 'exit');
  try {
    await until('the fetch has started', started);
  } finally {
    fetching.kill('SIGINT');
    await ended;
  }
}

test('Ctrl-C during a download leaves no files', () =>
  onBareMachine(
    // The download never completes.
    (response) => void response.write('half an archi'),
    async (machine, service) => {
      await interrupted(service, () => machine.fetched().length > 0);
      expect(machine.fetched()).toEqual([]);
    },
  ));

test('Ctrl-C during a build ends the build, and leaves no files', () =>
  onBareMachine(refuse, async (machine, service, folder) => {
    const pid = join(folder, 'pid');
    // The build runs until the test removes the folder.
    const building = `while [ -d ${folder} ]; do sleep 1; done`;
    machine.install('go', 'echo half > "$GOBIN/temporal"', `echo $$ > ${pid}.new`, `mv ${pid}.new ${pid}`, building);
    await interrupted(service, () => existsSync(pid));
    await until('the build has ended', () => !runs(Number(readFileSync(pid, 'utf8'))));
    expect(machine.fetched()).toEqual([]);
  }));

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
