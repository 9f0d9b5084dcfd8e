import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild, untilReady } from '../../dev/child';
import { freePort } from '../../dev/port';
import { cpuOf } from '../cpu';
import type { EngineServer } from '../side';
import { RIVALS_FOLDER } from './install';

/** A running Restate server, with the environment that the processes of its side need. */
export interface RestateServer extends EngineServer {
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts a Restate server with its default settings, apart from ports, folder and telemetry. It keeps its data in the folder, which only one server can use. */
export async function startRestate(base: string): Promise<RestateServer> {
  await mkdir(base, { recursive: true });
  const [ingress, admin, node] = [await freePort(), await freePort(), await freePort()];
  const settings = [
    `base-dir = ${JSON.stringify(base)}`,
    'bind-ip = "127.0.0.1"',
    `bind-port = ${node}`,
    'listen-mode = "tcp"',
    'disable-telemetry = true',
    `[ingress]\nbind-port = ${ingress}`,
    `[admin]\nbind-port = ${admin}`,
  ];
  const configFile = join(base, 'restate.toml');
  writeFileSync(configFile, settings.join('\n'));
  const command = join(
    RIVALS_FOLDER,
    'node_modules/@restatedev',
    `restate-server-${process.platform}-${process.arch}`,
    'bin/restate-server',
  );
  const child = startChild({
    command,
    args: ['--no-logo', '--config-file', configFile],
    logFile: join(base, 'restate.log'),
  });
  const env = { RESTATE_INGRESS: `http://127.0.0.1:${ingress}`, RESTATE_ADMIN: `http://127.0.0.1:${admin}` };
  const answers = async (url: string): Promise<boolean> => (await fetch(url)).ok;
  await untilReady(child, 'the admin API of Restate answers', () => answers(`${env.RESTATE_ADMIN}/health`));
  await untilReady(child, 'the ingress of Restate answers', () => answers(`${env.RESTATE_INGRESS}/restate/health`));
  return { env, cpu: () => cpuOf(child.pid ?? 0), stop: () => child.stop('SIGTERM') };
}
