import { join } from 'node:path';
import { z } from 'zod';
import { loadDefinitions } from '../../config/definitions';
import type { Report } from '../../dev/report';
import { event, journey, type Journey } from '../../engine';
import { explore } from '../../engine/explore';
import { short, type Figure } from '../figure';
import { monotonicMs } from '../part';

/** Gives 2 ^ 13 paths that end by themselves, and about as many that end by the exit. */
const WAITS = 13;
const MAX_PATHS = 20_000;
const NO_PROPERTIES = z.object({});

/** Measures `explore` on a journey with many branches, under the shipped policy, on one core. */
export async function measureExplore(report: Report): Promise<Figure[]> {
  const rules = await loadDefinitions(join(__dirname, '..', '..', 'journeys'));
  const begun = monotonicMs();
  const { paths } = await explore(branching(), { with: rules, maxPaths: MAX_PATHS });
  const seconds = (monotonicMs() - begun) / 1_000;
  report(`explore: ${paths} paths in ${short(seconds)} s`);
  return [
    {
      name: 'explore',
      of: 'paths_per_second',
      value: short(paths / seconds),
      unit: '/s',
      note: `${paths} different paths with up to ${WAITS} waits and a fallback channel; three simulated users walk each path, one of them through every exit`,
    },
    {
      name: 'explore',
      of: 'seconds_for_10000_paths',
      value: short((seconds * 10_000) / paths),
      unit: 's',
      target: { bound: 'at most', value: 10 },
      note: `${short(process.memoryUsage.rss() / 2 ** 20)} MiB resident`,
    },
  ];
}

function branching(): Journey {
  const entered = event('Entered', NO_PROPERTIES, {});
  const done = event('Done', NO_PROPERTIES, {});
  const left = event('Left', NO_PROPERTIES, {});
  return journey('branching', { enter: entered, exit: [left] }, async (j) => {
    for (let week = 1; week <= WAITS; week++) {
      if (!(await j.waitFor(`done in week ${week}`, done, { within: '7 days', since: 'now' })))
        await j.send(`reminder ${week}`, { webPush: 'reminder', email: 'reminder' });
    }
  });
}
