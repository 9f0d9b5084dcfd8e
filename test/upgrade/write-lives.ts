import fc from 'fast-check';
import { version as release } from '../../package.json';
import { writeGzipped } from './gzipped';
import type { Kept } from './kept-user';
import { KINDS, kindsIn } from './kinds-of-record';
import { begin, goOn, type Life, type WrittenLife } from './life';
import { LIVES } from './random-written';

/*
 * Writes what this release stores of users before the end of random lives, and the outcomes that this release reaches for them:
 * `npx tsx test/upgrade/write-lives.ts`. The file of 0.1.0 was written by the last commit before step records got fields for
 * what only reasons and facts had told. Run it again only for a new release that stores something else, which gets a folder of
 * its own. A file that later code writes proves nothing about the earlier release.
 */

/** The number of lives of each sort to keep. */
const KEPT = 100;
const SAMPLED = 2_500;
/** A life is always kept if one of its kinds has occurred in fewer lives of its sort than this. */
const QUOTA = 8;
/** Every kind must occur at least this often. */
const LEAST = 5;
/** The most characters of a written life. Longer ones are left out, since they test nothing more. */
const LONGEST = 120_000;

/** The stored user as an older release would have stored it, with fewer fields. */
function older(kept: Kept): Kept {
  const late = new Set(['version', 'content', 'cause', 'metAt']);
  const { version } = kept.state.memory ?? {};
  const text = JSON.stringify(kept, (key, value: unknown) =>
    late.has(key) && !(key === 'version' && (value === version || typeof value === 'number')) ? undefined : value,
  );
  return JSON.parse(text) as Kept;
}

/**
 * Every tenth life is written as an older release would have stored it, unless that release would send a renamed message again.
 */
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
    if (count < LEAST) throw new Error(`Expected at least ${LEAST} of '${kind}', found ${count}.`);
  }
  const bytes = writeGzipped(release, 'lives.json.gz', { kinds: Object.fromEntries(total), written });
  console.log(
    `${Object.values(written)
      .map((some) => some.length)
      .join(' + ')} lives in ${bytes} bytes`,
  );
}

void main();
