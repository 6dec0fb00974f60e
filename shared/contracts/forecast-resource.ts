import * as z from 'zod';

const bytes = z.int().meta({ description: 'Bytes, as they are stored.' });

/** What storing the results of a schedule will come to. */
export const forecastResource = z
  .object({
    resultBytesFrom: z.enum(['schedule', 'task', 'assumed']).meta({
      description:
        'Where the size of a result is from: jobs of this schedule, jobs of its task without a schedule, or an assumption of 1 KB.',
    }),
    jobsPerDay: z.number(),
    growthBytesPerDay: bytes,
    fullAfterDays: z
      .number()
      .meta({ description: 'From then on as much leaves each day as comes.' }),
    atFull: z.object({ jobs: z.int(), tableBytes: bytes, objectBytes: bytes }),
    writeUnitsPerMonth: z.int(),
    dollarsPerMonth: z
      .object({
        writing: z.number(),
        storing: z.number(),
        total: z.number(),
        pricesAsOf: z.iso.date(),
      })
      .meta({
        description: "In a month at full; absent where the region's prices are not known.",
      })
      .exactOptional(),
  })
  .meta({ description: 'What storing its results comes to; running tasks costs beside it.' });
