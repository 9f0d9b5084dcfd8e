import { parseArgs } from 'node:util';
import { asJson, short, type Figure } from './figure';
import { measureEngine } from './measures/engine';
import { measureExplore } from './measures/explore';
import { measureIdle } from './measures/idle';
import { measureIngest } from './measures/ingest';
import { measureJourneys } from './measures/journeys';
import { measureLatency } from './measures/latency';
import { measureSimulate } from './measures/simulate';
import { measureStream } from './measures/stream';
import { KINDS, startRig, type Rig } from './rig';

const MEASURES = {
  journeys: measureJourneys,
  stream: measureStream,
  ingest: measureIngest,
  latency: measureLatency,
  idle: (rig, report, people) => measureIdle(rig, report, people),
  engine: (_rig, report) => measureEngine(report),
  explore: (_rig, report) => measureExplore(report),
  simulate: (_rig, report) => measureSimulate(report),
} as const satisfies Record<string, (rig: Rig, report: (line: string) => void, people: number) => Promise<Figure[]>>;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    temporal: { type: 'string', default: 'dev' },
    idle: { type: 'string', default: '2000' },
  },
});
const report = (line: string): void => console.error(`  ${line}`);

async function main(): Promise<void> {
  const chosen = Object.entries(MEASURES).filter(([name]) => values.only === undefined || values.only === name);
  if (chosen.length === 0) throw new Error(`--only takes one of ${Object.keys(MEASURES).join(', ')}.`);
  const kind = KINDS.find((known) => known === values.temporal);
  if (!kind) throw new Error(`--temporal takes one of ${KINDS.join(', ')}.`);
  const rig = await startRig(report, kind);
  const figures: Figure[] = [];
  try {
    for (const [, measure] of chosen) figures.push(...(await measure(rig, report, Number(values.idle))));
  } finally {
    await rig.stop();
  }
  console.log(values.json ? JSON.stringify(asJson(figures), null, 2) : table(figures));
}

function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, of, value, unit, target, note }) => {
    const met = target && (target.bound === 'at least' ? value >= target.value : value <= target.value);
    const hoped = target ? `${target.bound} ${target.value}: ${met ? 'met' : 'missed'}` : '';
    return [of === undefined ? name : `${name} ${of}`, `${short(value)} ${unit}`, hoped, note] as const;
  });
  const width = (column: 0 | 1 | 2): number => Math.max(...rows.map((row) => row[column].length));
  return rows
    .map(([name, value, hoped, note]) =>
      [name.padEnd(width(0)), value.padStart(width(1)), hoped.padEnd(width(2)), note].join('  '),
    )
    .join('\n');
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
