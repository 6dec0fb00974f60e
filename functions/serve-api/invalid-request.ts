import type * as z from 'zod';
import { faultsOf } from '#shared/contracts/faults-of.ts';
import { AlmanacError, type RequestFault } from '#shared/domain/almanac-error.ts';

/** Makes the refusal of a request, for all that is wrong with it. */
export function invalidRequest(faults: readonly RequestFault[]): AlmanacError {
  const sentence = `Expected a request without faults, got ${faults.length}; each is listed in \`errors\`.`;
  return new AlmanacError('request.invalid', sentence, { faults });
}

/**
 * Reads a body by its schema.
 *
 * @throws {AlmanacError} `request.invalid`
 */
export function parseBody<Body extends z.ZodType>(schema: Body, body: unknown): z.output<Body> {
  const parsed = schema.safeParse(body, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw invalidRequest(faultsOf(parsed.error));
}
