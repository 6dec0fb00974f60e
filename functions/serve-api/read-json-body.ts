import { AlmanacError } from '#shared/domain/almanac-error.ts';

/** A body of the API holds at most this many bytes: what EventBridge carries in one firing, less than that for the input. */
const LARGEST_BODY_BYTES = 262_144;

/** Deeper nesting serves nobody, and would overflow the stack of whatever walks it. RFC 8259 §9 allows such a limit. */
const DEEPEST_NESTING = 100;

const JSON_MEDIA_TYPE = /^application\/(?:[\w.+-]{1,64}\+)?json\s*(?:;.{0,128})?$/i;

/**
 * Reads a request's body as JSON that can be stored and read back unchanged.
 *
 * @throws {AlmanacError} `body.media-type`, `body.too-large`, `body.malformed`
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  const mediaType = request.headers.get('content-type');
  if (mediaType === null || !JSON_MEDIA_TYPE.test(mediaType))
    throw new AlmanacError(
      'body.media-type',
      `Expected the header \`Content-Type: application/json\`, got ${mediaType?.slice(0, 128) ?? 'none'}.`,
    );
  const body = await request.arrayBuffer();
  if (body.byteLength > LARGEST_BODY_BYTES)
    throw new AlmanacError(
      'body.too-large',
      `Expected a body of at most ${LARGEST_BODY_BYTES} bytes, got ${body.byteLength}.`,
    );
  const json = parseJson(body);
  const hazard = findHazard(json, 0);
  if (hazard === undefined) return json;
  throw new AlmanacError('body.malformed', `Expected the body to be JSON ${hazard}.`);
}

/**
 * Reads a body that may be left out.
 *
 * @returns An empty object where there is none.
 * @throws {AlmanacError} As {@link readJsonBody} does.
 */
export async function readOptionalBody(request: Request): Promise<unknown> {
  const isEmpty = request.body === null || (await request.clone().arrayBuffer()).byteLength === 0;
  return isEmpty ? {} : readJsonBody(request);
}

function parseJson(body: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw malformed(error);
  }
}

function malformed(cause: unknown): AlmanacError {
  const why = cause instanceof Error ? cause.message : 'unknown';
  return new AlmanacError(
    'body.malformed',
    `Expected the body to be JSON in UTF-8, got what is not: ${why}.`,
    { cause },
  );
}

/** Finds what `JSON.parse` lets in and the rest of the world trips over. */
function findHazard(json: unknown, depth: number): string | undefined {
  if (typeof json === 'number')
    return Number.isFinite(json) ? undefined : 'with numbers that fit 64 bits, got a larger one';
  if (typeof json !== 'object' || json === null) return undefined;
  if (depth === DEEPEST_NESTING)
    return `nested at most ${DEEPEST_NESTING} deep, got deeper nesting`;
  if (Object.hasOwn(json, '__proto__'))
    return 'without a member `__proto__`, which JavaScript does not keep, got one';
  for (const member of Object.values(json)) {
    const hazard = findHazard(member, depth + 1);
    if (hazard !== undefined) return hazard;
  }
  return undefined;
}
