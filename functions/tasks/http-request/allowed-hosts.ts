/** Tells whether the stack has named the host of a URL as one that may be called wherever it lies. */
export type IsAllowedHost = (url: URL) => boolean;

/**
 * Reads the hosts that the stack allows.
 *
 * @param list - Hosts with or without a port, separated by spaces or commas: `reports.internal 127.0.0.1:8080 [::1]`. One without a
 * port stands for all ports. Nothing else is a pattern: `example.com` does not stand for `api.example.com`.
 */
export function readAllowedHosts(list: string): IsAllowedHost {
  const hosts = new Set(
    list
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean),
  );
  return (url) => hosts.has(url.hostname) || hosts.has(`${url.hostname}:${portOf(url)}`);
}

/** A URL leaves out the port that its protocol has by default. */
function portOf({ port, protocol }: URL): string {
  return port || (protocol === 'https:' ? '443' : '80');
}
