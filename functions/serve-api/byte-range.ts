/** What of so many bytes a request asks for. */
export type ByteRange =
  | { readonly kind: 'whole' }
  /** Both included. */
  | { readonly kind: 'part'; readonly first: number; readonly last: number }
  | { readonly kind: 'unsatisfiable' };

const ONE_RANGE = /^bytes=(\d*)-(\d*)$/;

/**
 * Reads the header `Range`. Several ranges, other units, and what makes no sense are as no header at all, as they may be.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 */
export function byteRange(header: string | undefined, length: number): ByteRange {
  const [, from = '', to = ''] = ONE_RANGE.exec(header ?? '') ?? [];
  if (from === '' && to === '') return { kind: 'whole' };
  const [first, last] =
    from === ''
      ? [Math.max(length - Number(to), 0), length - 1]
      : [Number(from), to === '' ? length - 1 : Math.min(Number(to), length - 1)];
  if (to !== '' && from !== '' && Number(to) < Number(from)) return { kind: 'whole' };
  return first > last ? { kind: 'unsatisfiable' } : { kind: 'part', first, last };
}
