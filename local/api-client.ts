import { SignatureV4 } from '@smithy/signature-v4';
import { OPERATOR_KEY } from '#local/iam/callers.ts';
import { NodeSha256 } from '#local/iam/node-sha256.ts';

/** What the HTTP API answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; `undefined` where it is not. */
  readonly json: unknown;
}

/** Calls the HTTP API of a local cloud as the person at this machine. */
export interface ApiClient {
  /**
   * Sends one signed request; redirects are not followed.
   *
   * @param path - From `/v1`, with its query.
   */
  request(method: string, path: string, options?: ApiRequest): Promise<ApiAnswer>;
}

export interface ApiRequest {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Makes a client of the API at a URL, as `endpoints.json` has it. */
export function createApiClient(apiUrl: string, region = 'us-east-1'): ApiClient {
  const signer = new SignatureV4({
    service: 'execute-api',
    region,
    credentials: { accessKeyId: OPERATOR_KEY, secretAccessKey: OPERATOR_KEY },
    sha256: NodeSha256,
  });
  return {
    request: async (method, path, { body, headers = {} } = {}) => {
      const url = new URL(`${apiUrl}${path}`);
      const text = body === undefined ? undefined : JSON.stringify(body);
      const signed = await signer.sign({
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        port: Number(url.port),
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: {
          host: url.host,
          ...(text !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        body: text,
      });
      const answer = await fetch(url, {
        method,
        headers: signed.headers,
        redirect: 'manual',
        ...(text !== undefined && { body: text }),
      });
      const answered = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        text: answered,
        json: parseJson(answered),
      };
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
