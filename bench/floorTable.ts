import type { Floor } from './measure.ts';

/** What a sweep takes, and what its requests take alone: a head, then a row for each. */
export function floorTable({ registries, requests, sweepCpuSeconds, cpuSeconds }: Floor): string[][] {
  const row = (name: string, seconds: number): string[] => [
    name,
    seconds.toFixed(1),
    (registries / seconds).toFixed(0),
    (seconds / sweepCpuSeconds).toFixed(2),
  ];
  return [
    ['', 'CPU s', 'registries / CPU s', 'ratio'],
    row('a steady sweep', sweepCpuSeconds),
    row(`its ${requests} requests alone`, cpuSeconds),
  ];
}
