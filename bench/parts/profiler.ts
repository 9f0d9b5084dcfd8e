import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';

/** Shares of the main thread's CPU time by group of modules. They add up to 1. */
export type Shares = Readonly<Record<string, number>>;

/** Packages by what they do here. A package that is not listed is its own group. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'Temporal SDK': ['@temporalio', '@grpc', 'protobufjs', '@protobufjs', 'long', 'proto3-json-serializer'],
  pg: ['pg', 'pg-pool', 'pg-protocol', 'pg-types', 'pg-cursor', 'knex', 'tarn', 'postgres-bytea'],
  http: [
    'express',
    'router',
    'helmet',
    'express-rate-limit',
    'body-parser',
    'raw-body',
    'pino',
    'pino-http',
    'finalhandler',
  ],
  templates: ['mjml', 'mjml-core', 'liquidjs', 'html-to-text', 'htmlparser2', 'domhandler', 'selderee', 'entities'],
};
const IDLE = '(idle)';
/** The group of this module, whose own time does not count. */
const PROFILER = 'profiler';
const COLLECTOR = '(garbage collector)';

let session: Session | null = null;

/** Begins a CPU profile of this process's main thread. */
export async function beginProfile(): Promise<void> {
  session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
}

/** Ends the profile. */
export async function endProfile(): Promise<Shares> {
  if (!session) throw new Error('Expected a profile that has begun, found none.');
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  session = null;
  return sharesOf(profile);
}

function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Shares {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const groups = new Map<number, string>();
  /** Built-in code counts as that of its caller. */
  const groupOf = (id: number): string => {
    const known = groups.get(id);
    if (known !== undefined) return known;
    const frame = byId.get(id)?.callFrame;
    const parent = parents.get(id);
    const own = frame?.functionName === COLLECTOR ? 'gc' : groupOfUrl(frame?.url ?? '');
    const group = own ?? (parent === undefined ? 'node' : groupOf(parent));
    groups.set(id, group);
    return group;
  };
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    if (byId.get(id)?.callFrame.functionName === IDLE) continue;
    const group = groupOf(id);
    if (group === PROFILER) continue;
    times.set(group, (times.get(group) ?? 0) + (timeDeltas[index] ?? 0));
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return Object.fromEntries([...times].map(([group, time]) => [group, time / total]));
}

/** Returns the group of a module, null for code that is built in. */
function groupOfUrl(url: string): string | null {
  if (url === '' || url.startsWith('node:')) return null;
  if (url.includes('/bench/parts/')) return PROFILER;
  if (url.includes('workflow-bundle')) return 'workflow';
  const [, name] = /.*\/node_modules\/(@?[^/]+)/.exec(url) ?? [];
  if (name !== undefined) return Object.keys(PACKAGES).find((group) => PACKAGES[group]?.includes(name)) ?? name;
  const [, folder] = /\/bench\/build\/([^/]+)\//.exec(url) ?? [];
  return folder ?? 'ours';
}
