import fc from 'fast-check';
import { version as release } from '../../package.json';
import { writeGzipped } from './gzipped';
import type { Kept } from './kept-user';
import { KINDS, kindsIn } from './kinds-of-record';
import { begin, goOn, type Life, type WrittenLife } from './life';
import { LIVES } from './random-written';

/*
 * Writes what this release stores of users in the midst of random lives, and what it makes of the rest of them:
 * `npx tsx test/upgrade/write-lives.ts`. The file of 0.1.0 was written by the last commit before journals got fields of their own
 * for what reasons and facts had told. Run it again, for a folder of its own, only when a release comes out whose state differs: the
 * file proves what that release wrote, and written by later code it would prove nothing.
 */

/** As many lives of each sort are kept. */
const KEPT = 100;
const SAMPLED = 2_500;
/** A life is kept in any case as long as one of the kinds in it has not occurred in so many others of its sort. */
const QUOTA = 8;
/** Every kind occurs in at least so many lives. */
const LEAST = 5;
/** Longer ones are left out: they say no more. */
const LONGEST = 120_000;

/** As if an older release had stored it, which kept less. */
function older(kept: Kept): Kept {
  const late = new Set(['version', 'content', 'cause', 'metAt']);
  const { version } = kept.state.memory ?? {};
  const text = JSON.stringify(kept, (key, value: unknown) =>
    late.has(key) && !(key === 'version' && (value === version || typeof value === 'number')) ? undefined : value,
  );
  return JSON.parse(text) as Kept;
}

/** Each tenth as an older release had stored it, where that release would not have sent a renamed message again. */
async function write(life: Life, index: number, kept: Kept): Promise<WrittenLife> {
  if (index % 10 !== 9) return { ...life, kept, outcome: await goOn(life, kept) };
  const oldest = older(kept);
  try {
    return { ...life, kept: oldest, outcome: await goOn(life, oldest) };
  } catch {
    return { ...life, kept, outcome: await goOn(life, kept) };
  }
}

async function main(): Promise<void> {
  const written: Record<string, WrittenLife[]> = {};
  const total = new Map<string, number>();
  for (const [seed, [sort, arbitrary]] of Object.entries(LIVES).entries()) {
    const some: WrittenLife[] = [];
    const lives = new Map<string, number>();
    for (const [index, life] of fc.sample(arbitrary, { seed: seed + 1, numRuns: SAMPLED }).entries()) {
      const kept = await begin(life);
      if (kept.state.runs.length === 0) continue;
      const present = [...kindsIn(kept, life.upgrade)].filter(([, count]) => count > 0).map(([kind]) => kind);
      const rare = present.some((kind) => (lives.get(kind) ?? 0) < QUOTA);
      if (!rare && (some.length >= KEPT || index % 20 !== 0)) continue;
      const one = await write(life, some.length, kept);
      if (JSON.stringify(one).length > LONGEST) continue;
      some.push(one);
      for (const [kind, count] of kindsIn(one.kept, life.upgrade)) {
        if (count > 0) lives.set(kind, (lives.get(kind) ?? 0) + 1);
        total.set(kind, (total.get(kind) ?? 0) + count);
      }
    }
    written[sort] = some;
    for (const kind of KINDS) console.log(`${sort}: ${String(lives.get(kind) ?? 0).padStart(4)} lives with ${kind}`);
  }
  for (const kind of KINDS) {
    const count = total.get(kind) ?? 0;
    console.log(`${String(count).padStart(5)} ${kind}`);
    if (count < LEAST) throw new Error(`Too few of '${kind}': ${count}`);
  }
  const bytes = writeGzipped(release, 'lives.json.gz', { kinds: Object.fromEntries(total), written });
  console.log(
    `${Object.values(written)
      .map((some) => some.length)
      .join(' + ')} lives in ${bytes} bytes`,
  );
}

void main();
