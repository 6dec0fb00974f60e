import * as z from 'zod';
import type { ApiClient } from '#local/api-client.ts';

/** The schedules that an empty local cloud begins with, so that something fires within the first minute. */
function examples(apiUrl: string) {
  return [
    {
      id: 'sales-every-minute',
      task: 'sales-report',
      trigger: { kind: 'cron', expression: 'cron(* * * * ? *)', timeZone: 'UTC' },
      input: { rows: 20 },
      resultExpirationTime: '1h',
    },
    {
      id: 'api-uptime',
      task: 'uptime-check',
      trigger: { kind: 'interval', every: 'PT2M' },
      input: { url: `${apiUrl}/v1/health` },
      resultExpirationTime: { error: '7d', default: '10m' },
    },
    {
      id: 'large-batch',
      task: 'sales-report',
      trigger: { kind: 'cron', expression: 'cron(0/3 * * * ? *)', timeZone: 'UTC' },
      input: { rows: 20_000 },
      resultExpirationTime: '1d',
    },
  ];
}

const listed = z.object({ data: z.array(z.unknown()) });

/**
 * Creates three example schedules where there are none.
 *
 * @returns How many were created.
 */
export async function createExamples(client: ApiClient, apiUrl: string): Promise<number> {
  const { json } = await client.request('GET', '/v1/schedules?limit=1');
  if (listed.parse(json).data.length > 0) return 0;
  const bodies = examples(apiUrl);
  for (const body of bodies) {
    const { status, text } = await client.request('POST', '/v1/schedules', { body });
    if (status !== 201)
      throw new Error(`Expected ${body.id} to be created, got ${status}: ${text}`);
  }
  return bodies.length;
}
