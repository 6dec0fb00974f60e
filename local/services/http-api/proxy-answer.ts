import * as z from 'zod';
import type { WireResponse } from '#local/services/local-service.ts';

const answerSchema = z.object({
  statusCode: z.number().int().min(100).max(599),
  headers: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
    .nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** Headers that belong to the connection, which the function does not have. */
const CONNECTION_HEADERS = new Set(['connection', 'content-length', 'date', 'transfer-encoding']);

/**
 * Reads what a function has returned, in payload format 2.0.
 *
 * An object with a `statusCode` is the answer itself; any other JSON value is the body of a 200.
 *
 * @returns `undefined` for what an HTTP API calls malformed, and answers with a 500.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function proxyAnswer(payload: Buffer): WireResponse | undefined {
  const value = parseJson(payload.toString());
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null || !('statusCode' in value))
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: typeof value === 'string' ? value : JSON.stringify(value),
    };
  const parsed = answerSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  return {
    status: statusCode,
    headers: answerHeaders(headers ?? {}, cookies ?? []),
    ...(body != null && { body: isBase64Encoded ? Buffer.from(body, 'base64') : body }),
  };
}

function answerHeaders(
  given: Readonly<Record<string, string>>,
  cookies: readonly string[],
): Record<string, string | readonly string[]> {
  const headers: Record<string, string | readonly string[]> = {
    'content-type': 'text/plain;charset=UTF-8',
  };
  for (const [name, value] of Object.entries(given)) {
    const lower = name.toLowerCase();
    if (!CONNECTION_HEADERS.has(lower)) headers[lower] = value;
  }
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  return headers;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
