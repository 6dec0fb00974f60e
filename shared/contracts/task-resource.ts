import * as z from 'zod';

/** A task as the API lists it. */
export const taskResource = z.object({
  id: z.string(),
  description: z.string(),
  inputSchema: z.record(z.string(), z.unknown()),
  timeoutSeconds: z.int(),
  memoryMb: z.int(),
  maxRunningJobs: z
    .int()
    .meta({ description: 'How many of its attempts may run at once, of all schedules.' })
    .exactOptional(),
  defaults: z.record(z.string(), z.unknown()),
  isAdopted: z.boolean().meta({
    description:
      'Whether an existing function runs it: then it has no `retry`, `timeout`, `maxJitter` and `misfireGraceTime`.',
  }),
});
