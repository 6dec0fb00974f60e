import { listen } from '#local/http/listen.ts';

/** A page on this machine that knows how often it was asked for: what an `uptime-check` does in the world. */
export interface CountingPage extends AsyncDisposable {
  /** The address, to which a path may be added to count apart. */
  readonly url: string;
  visits(path?: string): number;
}

/** Serves a page that answers every request with 200. */
export async function serveCountingPage(): Promise<CountingPage> {
  const visits = new Map<string, number>();
  const listener = await listen(0);
  listener.attach(async ({ url = '/' }, response) => {
    visits.set(url, (visits.get(url) ?? 0) + 1);
    response.end('here');
  });
  return {
    url: listener.url,
    visits: (path = '/') => visits.get(path) ?? 0,
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}
