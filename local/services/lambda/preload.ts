/**
 * Runs first in every execution environment, before AWS's runtime client.
 *
 * It puts an HTTP client in the place of the runtime client's native addon, shifts `Date` to the local cloud's clock,
 * and ends the process when the host goes away. The host strips its types and hands it over as a `data:` URL
 * (`preload-url.ts`), so it can import nothing of this project.
 */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { registerHooks } from 'node:module';
import { connect } from 'node:net';
import process from 'node:process';

const ADDON = './rapid-client.node';
const STAND_IN_URL = 'almanac:rapid-client';
const STAND_IN_KEY = 'almanac.rapid-client';
const INVOCATION = '/2018-06-01/runtime/invocation';

const [hostname = '127.0.0.1', port = ''] = (process.env['AWS_LAMBDA_RUNTIME_API'] ?? '').split(
  ':',
);

const setClock = shiftDate(
  Number(process.env['ALMANAC_CLOCK_MS']),
  Number(process.env['ALMANAC_CLOCK_RATE']),
);
delete process.env['ALMANAC_CLOCK_MS'];
delete process.env['ALMANAC_CLOCK_RATE'];
endWithTheHost();
replaceAddon();

/** Makes `Date` follow the local clock, and gives the function that sets it. Timers and `performance` stay real. */
function shiftDate(startMs: number, startRate: number): (ms: number, rate: number) => void {
  const elapsedMs = performance.now.bind(performance);
  const OriginalDate = Date;
  let clockMs = startMs;
  let rate = startRate;
  let setAtMs = elapsedMs();
  const nowMs = () => (rate === 0 ? clockMs : clockMs + Math.floor(elapsedMs() - setAtMs));
  OriginalDate.now = nowMs;
  // A subclass in its place could not be called without `new`.
  globalThis.Date = new Proxy(OriginalDate, {
    apply: () => new OriginalDate(nowMs()).toString(),
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [nowMs()] : values, newTarget),
  });
  OriginalDate.prototype.constructor = globalThis.Date;
  return (ms, newRate) => {
    clockMs = ms;
    rate = newRate;
    setAtMs = elapsedMs();
  };
}

/** A connection that carries nothing: it closes when the host ends this environment, or dies. */
function endWithTheHost(): void {
  const lifeline = connect(Number(port), hostname);
  lifeline.unref();
  lifeline.resume();
  lifeline.once('error', () => lifeline.destroy());
  lifeline.once('close', () => process.exit(1));
}

function replaceAddon(): void {
  Reflect.set(globalThis, Symbol.for(STAND_IN_KEY), rapidClient());
  const hooks = registerHooks({
    resolve: (specifier, context, nextResolve) =>
      specifier === ADDON
        ? { url: STAND_IN_URL, format: 'commonjs', shortCircuit: true }
        : nextResolve(specifier, context),
    load: (url, context, nextLoad) => {
      if (url !== STAND_IN_URL) return nextLoad(url, context);
      hooks.deregister();
      const source = `module.exports = globalThis[Symbol.for('${STAND_IN_KEY}')];`;
      return { format: 'commonjs', source, shortCircuit: true };
    },
  });
}

/**
 * The addon's three functions.
 *
 * There `done` and `error` return once the answer has arrived; here `next` waits for that in their place.
 *
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/native/rapid-client.cc
 */
function rapidClient() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let answered: Promise<unknown> = Promise.resolve();
  const send = (method: 'GET' | 'POST', path: string, body?: string) =>
    exchange({ method, path, agent }, body);
  return {
    next: async () => {
      await answered;
      const { headers, body } = await send('GET', `${INVOCATION}/next`);
      setClock(Number(headers['almanac-clock-ms']), Number(headers['almanac-clock-rate']));
      return { bodyJson: body, headers };
    },
    done: (requestId: string, body: string) => {
      answered = send('POST', `${INVOCATION}/${requestId}/response`, body);
    },
    error: (requestId: string, body: string) => {
      answered = send('POST', `${INVOCATION}/${requestId}/error`, body);
    },
  };
}

/** A failure means that the host is gone, and so ends the process. */
function exchange(
  call: { readonly method: string; readonly path: string; readonly agent: Agent },
  body?: string,
): Promise<{ readonly headers: IncomingHttpHeaders; readonly body: string }> {
  return new Promise((resolve) => {
    const outgoing = request({ ...call, hostname, port }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', () => process.exit(1));
      incoming.once('end', () =>
        resolve({ headers: incoming.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    outgoing.once('error', () => process.exit(1));
    outgoing.end(body);
  });
}
