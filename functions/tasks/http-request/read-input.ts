import * as z from 'zod';
import { readUrl } from './read-url.ts';
import { RequestRefused } from './request-refused.ts';

/** What is to be asked, every default filled in. */
export interface RequestInput {
  readonly method: string;
  readonly url: URL;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  /** For the whole request, redirects and body included. */
  readonly timeoutSeconds: number;
  /** Statuses as `204`, classes as `2xx`, and ranges as `200-299`. */
  readonly expectStatus: readonly (number | string)[];
  /** The longest body, decoded. */
  readonly maxBytes: number;
  /** The most redirects that are followed; at 0 a redirect is the answer itself. */
  readonly followRedirects: number;
}

/** Headers that belong to the connection, and not to what is said over it. */
const OWN_HEADERS: readonly string[] = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Printable, without line breaks. See https://www.rfc-editor.org/rfc/rfc9110#section-5.5 */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

const headers = z
  .record(
    z
      .string()
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'Expected the name of a header.')
      .toLowerCase()
      .refine(
        (name) => !OWN_HEADERS.includes(name),
        'Expected none of the headers that the connection sets itself.',
      ),
    z.string().max(8_192).regex(HEADER_VALUE, 'Expected a value of one line.'),
  )
  .default({});

const requestInput = z.strictObject({
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET'),
  url: z.string(),
  headers,
  body: z.unknown().optional(),
  timeoutSeconds: z.number().positive().max(300).default(30),
  expectStatus: z
    .array(z.union([z.int().min(100).max(599), z.string().regex(/^(?:[1-5]xx|\d{3}-\d{3})$/)]))
    .min(1)
    .default(['2xx']),
  maxBytes: z.int().min(1).max(10_485_760).default(1_048_576),
  followRedirects: z.int().min(0).max(20).default(5),
});

/**
 * Reads the task's input. A body that is a text is sent as it is, any other as JSON.
 *
 * @throws {RequestRefused} `RequestInvalid`, all faults together, none of them with a header's value.
 */
export function readInput(given: unknown): RequestInput {
  const parsed = requestInput.safeParse(given);
  if (!parsed.success) throw new RequestRefused('RequestInvalid', faultsOf(parsed.error));
  const { url, body, headers: own, ...rest } = parsed.data;
  const isBare = rest.method === 'GET' || rest.method === 'HEAD';
  if (isBare && body !== undefined)
    throw new RequestRefused('RequestInvalid', `Expected no body with ${rest.method}.`);
  const type =
    typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  return {
    ...rest,
    url: readUrl(url),
    headers: { ...(body !== undefined && { 'content-type': type }), ...own },
    body: bytesOf(body),
  };
}

function bytesOf(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function faultsOf({ issues }: z.ZodError): string {
  return issues
    .map((issue) => {
      const messages = issue.code === 'invalid_key' ? issue.issues : [issue];
      const place = ['input', ...issue.path].join('.');
      return `Expected ${place}: ${messages.map(({ message }) => message).join(' ')}`;
    })
    .join(' ');
}
