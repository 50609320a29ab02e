import * as z from 'zod';

const TypedData = z.record(z.string(), z.unknown());
const Order = z.object({
  id: z.number(),
  name: z.string(),
  data: TypedData,
  /** the first, the second … time that a message comes */
  delivery: z.number().optional(),
});
const Answer = z.object({
  id: z.number(),
  /** only the first answer, which nobody asked for */
  registered: z
    .array(z.looseObject({ name: z.string(), bindings: z.record(z.string(), z.looseObject({})) }))
    .optional(),
  outputs: z.array(z.object({ name: z.string(), data: TypedData })).optional(),
  returnValue: z.unknown().optional(),
  error: z.string().optional(),
  logs: z.array(z.string()),
});

/** What the worker is told to run, and what came of it. */
export type Order = z.infer<typeof Order>;
export type Answer = z.infer<typeof Answer>;

export function readOrder(message: unknown): Order {
  return Order.parse(message);
}

export function readAnswer(message: unknown): Answer {
  return Answer.parse(message);
}
