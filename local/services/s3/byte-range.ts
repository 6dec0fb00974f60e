import { ServiceFault } from '#local/services/local-service.ts';

/** A part of an object, both ends inclusive. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads a Range header.
 *
 * @returns `undefined` when the header asks for no single range of bytes: S3 then gives the whole object.
 * @throws {ServiceFault} `InvalidRange` when no byte of it lies within the object.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2
 */
export function parseByteRange(header: string | undefined, bytes: number): ByteRange | undefined {
  const match = /^bytes=(?:(?<first>\d+)-(?<last>\d*)|-(?<suffix>\d+))$/.exec(header ?? '');
  if (!match?.groups) return undefined;
  const { first: firstText, last: lastText, suffix } = match.groups;
  const first = suffix === undefined ? Number(firstText) : Math.max(0, bytes - Number(suffix));
  const last = Math.min(lastText ? Number(lastText) : bytes - 1, bytes - 1);
  if (lastText && Number(lastText) < first) return undefined;
  if (first >= bytes)
    throw new ServiceFault('InvalidRange', 'The requested range is not satisfiable', {
      status: 416,
      members: { RangeRequested: header, ActualObjectSize: bytes },
    });
  return { first, last };
}
