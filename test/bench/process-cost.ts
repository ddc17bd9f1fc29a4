/** CPU seconds and memory of a process as the kernel counts them (Linux, /proc). */

import { readdirSync, readFileSync } from 'node:fs';

const TICKS_A_SECOND = 100;

/** CPU seconds of a process since this call; of its whole life for a pid given. */
export function processCost(which: number | string): { readonly used: () => number } {
  const pid = typeof which === 'number' ? which : pidOf(which);
  const start = typeof which === 'number' ? 0 : cpuSeconds(pid);
  return { used: () => cpuSeconds(pid) - start };
}

function cpuSeconds(pid: number): number {
  // The name in parentheses may hold spaces; what follows it does not.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

/** The youngest process whose command line contains the text. */
function pidOf(text: string): number {
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && commandOf(pid).includes(text))
    .sort((a, b) => b - a)[0];
  if (found === undefined) throw new Error(`no process runs ${text}`);
  return found;
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Most memory that the process has had resident, MB. */
export function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
