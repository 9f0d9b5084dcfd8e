import { parseArgs } from 'node:util';
import { runInForeground } from '../dev/foreground';
import type { Report } from '../dev/report';
import { SetupError } from '../dev/setup-error';
import { asJson, asTable, type Figure } from './figure';
import { measureBurst } from './measures/burst';
import { measureChannels } from './measures/channels';
import { measureEngine } from './measures/engine';
import { measureExplore } from './measures/explore';
import { measureIdle } from './measures/idle';
import { measureIngest } from './measures/ingest';
import { measureJourneys } from './measures/journeys';
import { measureLatency } from './measures/latency';
import { measurePages } from './measures/pages';
import { measureParts } from './measures/parts';
import { measurePolicy } from './measures/policy';
import { measureSdk } from './measures/sdk';
import { measureSimulate } from './measures/simulate';
import { measureStream } from './measures/stream';
import { measureVotes } from './measures/votes';
import { startRig, TEMPORAL_KINDS, type Rig, type TemporalKind } from './rig';
import { RIVALS } from './side';

/** How many users the measures with an option for it have. */
type Sizes = Readonly<Record<'idle' | 'burst', number>>;
type Measure = (rig: Rig, report: Report, sizes: Sizes) => Promise<Figure[]>;

const MEASURES = {
  journeys: measureJourneys,
  stream: measureStream,
  ingest: measureIngest,
  latency: measureLatency,
  burst: (rig, report, { burst }) => measureBurst(rig, report, burst),
  pages: measurePages,
  votes: measureVotes,
  channels: measureChannels,
  idle: (rig, report, { idle }) => measureIdle(rig, report, idle),
  engine: (_rig, report) => measureEngine(report),
  policy: (_rig, report) => Promise.resolve(measurePolicy(report)),
  explore: (_rig, report) => measureExplore(report),
  sdk: (_rig, report) => measureSdk(report),
  simulate: (_rig, report) => measureSimulate(report),
} as const satisfies Record<string, Measure>;

const TITLES: Readonly<Record<TemporalKind, string>> = {
  dev: 'On the Temporal dev server',
  postgres: 'On a Temporal server with PostgreSQL',
};

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    temporal: { type: 'string', default: 'dev' },
    idle: { type: 'string', default: '2000' },
    burst: { type: 'string', default: '7000' },
    parts: { type: 'boolean', default: false },
    against: { type: 'string', default: '' },
  },
});
const report: Report = (line) => console.error(`  ${line}`);

runInForeground(async (teardown) => {
  const chosen = Object.entries(MEASURES).filter(([name]) => values.only === undefined || values.only === name);
  if (chosen.length === 0)
    throw new SetupError(`Invalid --only '${values.only}'. Expected one of ${Object.keys(MEASURES).join(', ')}.`);
  const kind = TEMPORAL_KINDS.find((known) => known === values.temporal);
  if (!kind)
    throw new SetupError(`Invalid --temporal '${values.temporal}'. Expected one of ${TEMPORAL_KINDS.join(', ')}.`);
  const rivals = values.against
    .split(',')
    .filter(Boolean)
    .map((name) => {
      const rival = RIVALS.find((known) => known === name);
      if (!rival) throw new SetupError(`Invalid --against '${name}'. Expected one or more of ${RIVALS.join(',')}.`);
      return rival;
    });
  const rig = await startRig(report, teardown, kind, rivals, values.parts);
  const sizes: Sizes = { idle: Number(values.idle), burst: Number(values.burst) };
  const figures: Figure[] = [];
  if (values.parts) figures.push(...(await measureParts(rig, report)));
  else for (const [, measure] of chosen) figures.push(...(await measure(rig, report, sizes)));
  console.log(
    values.json
      ? JSON.stringify({ temporal: kind, ...asJson(figures) }, null, 2)
      : `${TITLES[kind]}\n${asTable(figures)}`,
  );
  return 'done';
});
