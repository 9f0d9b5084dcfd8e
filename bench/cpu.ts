import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { short, type Figure } from './figure';
import { median } from './stats';

/** CPU time in seconds, by part. `server` is the Temporal or Restate server, `load` the load generator, this process. */
export type CpuUse = Readonly<Record<'api' | 'worker' | 'server' | 'postgres' | 'load', number>>;

/** On Linux, user and system time are in ticks of 10 ms (see `proc(5)`). */
const TICKS_PER_SECOND = 100;
const ON_LINUX = process.platform === 'linux';

/** Returns the CPU time a process has used so far, in seconds. */
export function cpuOf(pid: number): number {
  if (!ON_LINUX) return fromClock(execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' }));
  const [, , utime = 0, stime = 0] = statOf(pid) ?? [];
  return (utime + stime) / TICKS_PER_SECOND;
}

/** Returns the CPU time that the main thread of a process has used so far, in seconds. Elsewhere than on Linux, that of all threads. */
export function cpuOfMainThread(pid: number): number {
  if (!ON_LINUX) return cpuOf(pid);
  const [, , utime = 0, stime = 0] = statOf(pid, `/proc/${pid}/task/${pid}/stat`) ?? [];
  return (utime + stime) / TICKS_PER_SECOND;
}

/** Returns the CPU time that a process and its children have used so far, in seconds. Includes children that have ended. */
export function cpuOfFamily(pid: number): number {
  if (!ON_LINUX) return childrenByPs(pid).reduce((sum, child) => sum + cpuOf(child), cpuOf(pid));
  for (;;) {
    const before = ofEndedChildren(pid);
    let ticks = before;
    for (const entry of readdirSync('/proc')) {
      const stat = /^\d+$/.test(entry) ? statOf(Number(entry)) : null;
      if (!stat) continue;
      const [self, parent, utime, stime] = stat;
      if (self === pid || parent === pid) ticks += utime + stime;
    }
    // A child that ends meanwhile would be missed, or counted twice.
    if (ofEndedChildren(pid) === before) return ticks / TICKS_PER_SECOND;
  }
}

/** Returns the CPU time of the children of a process that have ended, in ticks. */
function ofEndedChildren(pid: number): number {
  const [, , , , utime = 0, stime = 0] = statOf(pid) ?? [];
  return utime + stime;
}

/** Returns the process id of the embedded PostgreSQL server in a folder. Its child processes serve the connections. */
export function postmasterIn(folder: string): number {
  return Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
}

/** Returns the resident memory of a process, in bytes. */
export function residentBytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1_024;
}

/** Returns the CPU time between two measurements, per unit of work. */
export function usedPer(units: number, before: CpuUse, after: CpuUse): CpuUse {
  const per = (part: keyof CpuUse): number => (after[part] - before[part]) / units;
  return {
    api: per('api'),
    worker: per('worker'),
    server: per('server'),
    postgres: per('postgres'),
    load: per('load'),
  };
}

/** Formats the CPU time of each part, for a line of progress. */
export function describeCpu(use: CpuUse): string {
  return Object.entries(use)
    .map(([part, seconds]) => `${part} ${short(seconds * 1_000)} ms`)
    .join(', ');
}

/** Returns the median CPU time of several rounds as a figure, in milliseconds. The value leaves out the load generator. */
export function typicalCpu(rounds: readonly CpuUse[]): Pick<Figure, 'value' | 'range' | 'unit' | 'note'> {
  const of = (part: keyof CpuUse): number => short(median(rounds.map((use) => use[part] * 1_000)));
  const totals = rounds.map(({ api, worker, server, postgres }) => (api + worker + server + postgres) * 1_000);
  return {
    value: median(totals),
    range: [Math.min(...totals), Math.max(...totals)],
    unit: 'ms',
    note: `API ${of('api')}, worker ${of('worker')}, server ${of('server')}, PostgreSQL ${of('postgres')}; not included: load generator ${of('load')}`,
  };
}

/**
 * Reads `/proc/<pid>/stat`. Returns the process id, the parent's id, and four CPU times in ticks: user and system time of the
 * process, then of its children that have ended. Returns null when the process has ended.
 */
function statOf(pid: number, file = `/proc/${pid}/stat`): [number, number, number, number, number, number] | null {
  try {
    const text = readFileSync(file, 'utf8');
    // The second field is the name in parentheses, and can contain any character. The third field starts after it.
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

/** Parses `[[dd-]hh:]mm:ss[.cc]` into seconds. */
function fromClock(text: string): number {
  const [days, clock] = text.includes('-') ? text.trim().split('-') : ['0', text.trim()];
  const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Number(days) * 86_400 + seconds;
}
