import * as z from 'zod';
import { policyDefaults } from '#shared/contracts/schedule-body.ts';

/** The tasks of a deployment, as the stack writes them beside the API's code. */
export const taskList = z.object({
  tasks: z.array(
    z.object({
      id: z.string(),
      description: z.string(),
      /** JSON Schema 2020-12. */
      inputSchema: z.record(z.string(), z.unknown()),
      timeoutSeconds: z.int(),
      memoryMb: z.int(),
      /** How many of its attempts run at once; each look at them reads a row for each. */
      maxRunningJobs: z.int().min(1).max(100).exactOptional(),
      /** A larger result is not kept. */
      maxResultBytes: z.int().min(1).max(5_000_000_000).exactOptional(),
      defaults: policyDefaults,
      /** Whether an existing function runs it, without the runner. */
      isAdopted: z.boolean().default(false),
    }),
  ),
});

export type DeployedTask = z.output<typeof taskList>['tasks'][number];
