import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { heapArguments, INSTANCE_SIZES } from '../../bench/instance.ts';

test('the sizes are those that can be deployed', () => {
  const template = readFileSync(new URL('../../infra/main.bicep', import.meta.url), 'utf8');
  const [, allowed = ''] = /@allowed\(\[([^\]]*)\]\)\s*param instanceMemoryMB /.exec(template) ?? [];
  expect(allowed.split(', ')).toEqual(INSTANCE_SIZES);
});

test('the heap is as large as Node 22 lets it grow in control groups of these sizes', () => {
  const limits = INSTANCE_SIZES.map((size) => {
    const script = 'process.stdout.write(String(v8.getHeapStatistics().heap_size_limit / 2 ** 20))';
    return execFileSync(process.execPath, [...heapArguments(size), '-e', script], { encoding: 'utf8' });
  });
  expect(limits).toEqual(['259', '1048', '2096']);
});
