import type { Json } from '../../engine/model/json';
import type { Run } from '../../engine/model/state';
import type { Dump } from './dump';
import { RECORDS, RUNS } from './kinds-of-record';

/** How often each kind of record occurs in a database, and each kind of message, event and stored journey. */
export function kindsInDatabase(tables: Dump['tables']): ReadonlyMap<string, number> {
  const bodies = (tables['runs'] ?? []).map(({ body }) => body as unknown as Run);
  const open = bodies.filter(({ endedAt }) => endedAt === null);
  const counts = new Map<string, number>();
  const add = (kind: string, count = 1): unknown => counts.set(kind, (counts.get(kind) ?? 0) + count);
  for (const [kind, test] of Object.entries(RECORDS))
    add(kind, open.flatMap(({ journal }) => journal).filter(test).length);
  for (const [kind, test] of Object.entries(RUNS)) add(kind, open.filter(test).length);
  for (const { status } of tables['messages'] ?? []) add(`message: ${text(status)}`);
  for (const { pending, type } of tables['events'] ?? [])
    add(pending === true ? 'pending event' : `event: ${text(type)}`);
  for (const { status } of tables['stored_journeys'] ?? []) add(`stored journey: ${text(status)}`);
  return counts;
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
