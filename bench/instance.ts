/** The sizes of an instance of the app, MB: `instanceMemoryMB` of infra/main.bicep. */
export const INSTANCE_SIZES = ['512', '2048', '4096'] as const;
export type InstanceSize = (typeof INSTANCE_SIZES)[number];

/**
 * How V8 bounds its heap by itself where Node sees no more memory than an instance has, MiB, as Node 22 does in control
 * groups of these sizes. A larger machine would let much more garbage lie.
 */
const HEAP: Record<InstanceSize, { old: number; semi: number }> = {
  512: { old: 256, semi: 1 },
  2048: { old: 1024, semi: 8 },
  4096: { old: 2048, semi: 16 },
};

/** Arguments of Node that bound its heap as in an instance of this size. */
export function heapArguments(size: InstanceSize): string[] {
  const { old, semi } = HEAP[size];
  return [`--max-old-space-size=${old}`, `--max-semi-space-size=${semi}`];
}
