import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';

/** Whether an address is on this machine: the only place where a stand-in for Azure may be. */
export function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/**
 * Sends every request to a plain-text loopback server instead of the host that it names; path and query are kept, the
 * real host goes into the header `x-forwarded-host`.
 */
export function rewriteTo(server: string): HttpClient {
  if (!isLoopback(server))
    throw new Error(`SIMULATOR_URL must be a loopback address, as in http://127.0.0.1:8080; it is ${server}`);
  const { origin } = new URL(server);
  const client = createDefaultHttpClient();
  return {
    async sendRequest(request) {
      const { url, allowInsecureConnection } = request;
      const { pathname, search, host } = new URL(url);
      request.url = `${origin}${pathname}${search}`;
      request.allowInsecureConnection = true;
      request.headers.set('x-forwarded-host', host);
      try {
        return await client.sendRequest(request);
      } finally {
        // Key Vault's challenge policy looks at the same request again and wants its https address: facts §1.0
        request.url = url;
        request.allowInsecureConnection = allowInsecureConnection ?? false;
      }
    },
  };
}
