import { comparedIn, literalResults, numbersAround } from '../../authoring/literals';
import type { Facts } from '../../authoring/journey';
import { toMs, type Duration } from '../../model/duration';
import { copyOf, type Json } from '../../model/json';

/** The most tries with changed facts, and the most values that they find. */
const MAX_TRIES = 200;
const MAX_VALUES = 12;
/** Facts that are changed together. */
const MAX_CHANGED = 2;
const LARGE = 1_000_000;

/** Values in place of facts, by the path to each: `user.traits.plan`. */
type Changed = ReadonlyMap<string, unknown>;

/**
 * Values that an author's function picks: those that it is written with, and those that it picks for the given facts and for such
 * that differ in what it reads. Facts for which it throws say nothing, since they may be impossible.
 * @param value what it picks for the given facts
 */
export function possibleValues<Value extends Json>(
  decide: (facts: Facts) => Value,
  facts: Facts,
  value: Value,
): readonly Value[] {
  const { values, complete } = literalResults(decide);
  const found = new Map([value, ...(values as Value[])].map((each) => [JSON.stringify(each), each]));
  if (complete) return [...found.values()];
  const compared = comparedIn(decide);
  const tries: Changed[] = [new Map()];
  for (let tried = 0; tried < Math.min(tries.length, MAX_TRIES) && found.size < MAX_VALUES; tried++) {
    const changed = tries[tried] ?? new Map<string, unknown>();
    const read = new Map<string, unknown>();
    try {
      const picked = copyOf(decide(withChanged(facts, '', changed, read) as Facts));
      if (isPossible(new Map([...read, ...changed]))) found.set(JSON.stringify(picked), picked);
    } catch {
      // The facts may be impossible.
    }
    if (changed.size === MAX_CHANGED) continue;
    for (const [path, fact] of read)
      for (const other of othersThan(fact, path, compared))
        if (!changed.has(path)) tries.push(new Map(changed).set(path, other));
  }
  return [...found.values()];
}

/** How often something was done, and the span within which: `did(Trained).count({"within":"1 day"})`. */
const COUNT = /^(.*)\.count\((?:\{"within":"([^"]+)"\})?\)$/;

/** Nobody has done more within a span than within a longer one. */
function isPossible(facts: Changed): boolean {
  const counts = new Map<string, { spanMs: number; count: number }[]>();
  for (const [path, count] of facts) {
    const [, asked, within] = COUNT.exec(path) ?? [];
    if (asked === undefined || typeof count !== 'number') continue;
    const spanMs = within === undefined ? Infinity : toMs(within as Duration);
    counts.set(asked, [...(counts.get(asked) ?? []), { spanMs, count }]);
  }
  return [...counts.values()].every((known) =>
    known.every((one) => known.every((other) => one.spanMs >= other.spanMs || one.count <= other.count)),
  );
}

/** The facts with some of them changed. Every single fact that is read is noted. */
function withChanged(fact: unknown, path: string, changed: Changed, read: Map<string, unknown>): unknown {
  if (typeof fact !== 'object' || fact === null || Array.isArray(fact)) {
    read.set(path, fact);
    return changed.has(path) ? changed.get(path) : fact;
  }
  return new Proxy(fact, {
    get(target, property) {
      const inner: unknown = Reflect.get(target, property);
      if (typeof property === 'symbol') return inner;
      const innerPath = path === '' ? property : `${path}.${property}`;
      if (typeof inner !== 'function') return withChanged(inner, innerPath, changed, read);
      return (...asked: readonly unknown[]) => {
        const answer: unknown = Reflect.apply(inner, target, asked);
        return withChanged(answer, `${innerPath}(${asked.map(textOf).join()})`, changed, read);
      };
    },
  });
}

/** An argument in a path: an event is told by its name. */
function textOf(asked: unknown): string {
  return typeof asked === 'object' && asked !== null && 'name' in asked ? String(asked.name) : JSON.stringify(asked);
}

function othersThan(fact: unknown, path: string, compared: readonly Json[]): readonly unknown[] {
  const missing = path.startsWith('user.traits.') ? [undefined] : [];
  switch (typeof fact) {
    case 'number':
      return [...numbersAround(compared), 0, LARGE, ...missing];
    case 'string':
      return [...compared.filter((value) => typeof value === 'string'), ...missing];
    case 'boolean':
      return [!fact, ...missing];
    default:
      return Array.isArray(fact) ? [[], compared, ...missing] : [...compared, ...numbersAround(compared), true];
  }
}
