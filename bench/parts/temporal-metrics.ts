/** How often the Temporal server did something, and for how long, since it started. Keyed by family and operation. */
export type ServerUse = ReadonlyMap<string, { readonly count: number; readonly ms: number }>;

/** The families of metrics that say what the server did, by the words for them here. */
const FAMILIES: Readonly<Record<string, string>> = {
  task_latency_processing: 'queue',
  service_latency: 'request',
  persistence_latency: 'storage',
  visibility_persistence_latency: 'visibility',
};
/** The server's own namespace. */
const OWN = 'namespace="temporal_system"';

/** Reads the metrics of a Temporal server, in the text format of Prometheus. Leaves out what the server does for itself. */
export async function readServerUse(url: string): Promise<ServerUse> {
  const use = new Map<string, { count: number; ms: number }>();
  for (const line of (await (await fetch(url)).text()).split('\n')) {
    const [, name = '', kind, labels = '', value] = /^(\w+)_(sum|count)\{(.*)\} (\S+)$/.exec(line) ?? [];
    const family = FAMILIES[name];
    const [, operation] = /operation="([^"]+)"/.exec(labels) ?? [];
    if (family === undefined || operation === undefined || labels.includes(OWN)) continue;
    const key = `${family} ${operation}`;
    const entry = use.get(key) ?? { count: 0, ms: 0 };
    if (kind === 'count') entry.count += Number(value);
    else entry.ms += Number(value) * 1_000;
    use.set(key, entry);
  }
  return use;
}
