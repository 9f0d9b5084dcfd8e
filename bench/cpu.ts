import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { short, type Figure } from './figure';
import { median } from './stats';

/** Seconds of CPU, by the part that used them. */
export type CpuUse = Readonly<Record<'api' | 'worker' | 'temporal' | 'postgres' | 'load', number>>;

/** `proc(5)`: user and system time are in ticks of a hundredth of a second on every Linux. */
const TICKS_PER_SECOND = 100;
const ON_LINUX = process.platform === 'linux';

/** Seconds of CPU a process has used so far. */
export function cpuOf(pid: number): number {
  if (!ON_LINUX) return fromClock(execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' }));
  const [, , utime = 0, stime = 0] = statOf(pid) ?? [];
  return (utime + stime) / TICKS_PER_SECOND;
}

/** The same of a process and its children, those that have ended included. */
export function cpuOfFamily(pid: number): number {
  if (!ON_LINUX) return childrenByPs(pid).reduce((sum, child) => sum + cpuOf(child), cpuOf(pid));
  let ticks = 0;
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? statOf(Number(entry)) : null;
    if (!stat) continue;
    const [self, parent, utime, stime, childrenUtime, childrenStime] = stat;
    if (self === pid || parent === pid) ticks += utime + stime;
    if (self === pid) ticks += childrenUtime + childrenStime;
  }
  return ticks / TICKS_PER_SECOND;
}

/** The process of the embedded PostgreSQL in this folder; its children serve the connections. */
export function postmasterIn(folder: string): number {
  return Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
}

/** Bytes of memory a process has resident. */
export function residentBytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1_024;
}

/** What was used between two moments, per unit of work. */
export function usedPer(units: number, before: CpuUse, after: CpuUse): CpuUse {
  const per = (part: keyof CpuUse): number => (after[part] - before[part]) / units;
  return {
    api: per('api'),
    worker: per('worker'),
    temporal: per('temporal'),
    postgres: per('postgres'),
    load: per('load'),
  };
}

/** What each part used, for a line of the report. */
export function describeCpu(use: CpuUse): string {
  return Object.entries(use)
    .map(([part, seconds]) => `${part} ${short(seconds * 1_000)} ms`)
    .join(', ');
}

/** The medians of several rounds, as a figure: all that is not the load, in milliseconds. */
export function typicalCpu(rounds: readonly CpuUse[]): Pick<Figure, 'value' | 'unit' | 'note'> {
  const of = (part: keyof CpuUse): number => short(median(rounds.map((use) => use[part] * 1_000)));
  return {
    value: of('api') + of('worker') + of('temporal') + of('postgres'),
    unit: 'ms',
    note: `API ${of('api')}, worker ${of('worker')}, Temporal ${of('temporal')}, PostgreSQL ${of('postgres')}; the load beside it ${of('load')}`,
  };
}

/** `/proc/<pid>/stat`: the id, the parent's, and ticks of CPU, the last two of children that have ended; null when it is gone. */
function statOf(pid: number): [number, number, number, number, number, number] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold anything: what counts begins after it, with the third field.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [, parent = 0] = fields;
    const [utime = 0, stime = 0, childrenUtime = 0, childrenStime = 0] = fields.slice(11);
    return [pid, parent, utime, stime, childrenUtime, childrenStime];
  } catch {
    return null;
  }
}

function childrenByPs(pid: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([id = 0, parent]) => (parent === pid ? [id] : []));
}

/** Seconds of `[[dd-]hh:]mm:ss[.cc]`. */
function fromClock(text: string): number {
  const [days, clock] = text.includes('-') ? text.trim().split('-') : ['0', text.trim()];
  const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Number(days) * 86_400 + seconds;
}
