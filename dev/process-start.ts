import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Returns when a process started, as a text to compare. A process id is given to another process sooner or later; together with
 * the start it is unique.
 * @returns null when there is no such process
 */
export function processStart(pid: number): string | null {
  if (process.platform === 'linux') return startInProc(pid);
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() || null;
}

/**
 * Reads the start in clock ticks since the machine booted (proc_pid_stat(5), field 22). The second field is the name of the program
 * in parentheses, which may hold anything; the fields are counted from behind it. The boot is named too.
 */
function startInProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ticks}`;
  } catch {
    return null;
  }
}
