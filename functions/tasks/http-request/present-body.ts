/** A body as the result has it, and which of these forms that is. */
export interface PresentedBody {
  /** `base64` for what is neither JSON nor text; `none` where no byte came. */
  readonly bodyKind: 'json' | 'text' | 'base64' | 'none';
  readonly body: unknown;
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json$/;
const TEXT_TYPE =
  /^(?:text\/.+|application\/(?:(?:[\w.+-]+\+)?xml|(?:x-)?javascript|x-ndjson|x-www-form-urlencoded|yaml))$/;

/**
 * Brings a body into the form that its content type says. One that is not what it says comes in the next best form, so that no answer is
 * lost: JSON that is none as text, and text that cannot be decoded as base64.
 */
export function presentBody(bytes: Buffer, contentType = ''): PresentedBody {
  if (bytes.byteLength === 0) return { bodyKind: 'none', body: null };
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  const isJson = JSON_TYPE.test(type.trim());
  const text = isJson || TEXT_TYPE.test(type.trim()) ? decode(bytes, parameters) : undefined;
  if (text === undefined) return { bodyKind: 'base64', body: bytes.toString('base64') };
  const parsed = isJson ? parseJson(text) : undefined;
  return parsed ? { bodyKind: 'json', body: parsed.value } : { bodyKind: 'text', body: text };
}

function decode(bytes: Buffer, parameters: readonly string[]): string | undefined {
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/.exec(parameter)?.[1])
    .find((found) => found !== undefined);
  try {
    return new TextDecoder(charset ?? 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
