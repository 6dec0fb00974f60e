import { AlmanacError } from '#shared/domain/almanac-error.ts';

/** A body of the API holds at most this many bytes: what EventBridge carries in one firing, less than that for the input. */
export const LARGEST_BODY_BYTES = 262_144;

const JSON_MEDIA_TYPE = /^application\/(?:[\w.+-]{1,64}\+)?json\s*(?:;.{0,128})?$/i;

/**
 * Reads a request's body as JSON.
 *
 * @throws {AlmanacError} `body.media-type`, `body.too-large`, `body.malformed`
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  const mediaType = request.headers.get('content-type');
  if (mediaType === null || !JSON_MEDIA_TYPE.test(mediaType))
    throw new AlmanacError(
      'body.media-type',
      `Expected the header \`Content-Type: application/json\`, got ${mediaType ?? 'none'}.`,
    );
  const text = await request.text();
  const bytes = Buffer.byteLength(text);
  if (bytes > LARGEST_BODY_BYTES)
    throw new AlmanacError(
      'body.too-large',
      `Expected a body of at most ${LARGEST_BODY_BYTES} bytes, got ${bytes}.`,
    );
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(error);
  }
}

function malformed(cause: unknown): AlmanacError {
  const why = cause instanceof Error ? cause.message : 'unknown';
  return new AlmanacError(
    'body.malformed',
    `Expected the body to be JSON, got what JSON does not allow: ${why}.`,
    { cause },
  );
}
