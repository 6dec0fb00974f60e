import { AlmanacError, PROBLEMS } from '#shared/domain/almanac-error.ts';

/**
 * Answers with a problem of RFC 9457, under the error's public code.
 *
 * An error that is not one of ours says nothing of itself to the caller.
 *
 * @param headers - Further headers, as `allow`.
 */
export function problemResponse(
  error: unknown,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const known: AlmanacError = error instanceof AlmanacError ? error : unexpected(error);
  const { status, title } = PROBLEMS[known.code];
  const problem = {
    type: `urn:almanac:problem:${known.code}`,
    title,
    status,
    code: known.code,
    detail: known.message,
    instance: `urn:almanac:request:${requestId}`,
    ...known.members,
    ...(known.faults.length > 0 && { errors: known.faults }),
  };
  return Response.json(problem, {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(status === 503 && { 'retry-after': '1' }),
      ...headers,
    },
  });
}

function unexpected(error: unknown): AlmanacError {
  return new AlmanacError(
    'internal',
    'Expected to answer, got an error of our own; its log has the request id.',
    { cause: error },
  );
}
