import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface ListenOptions {
  host?: string;
  port?: number;
}

export interface Listening {
  port: number;
  url: string;
  stop(): Promise<void>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

// Longer than any test: an idle socket closed by the server just as a client reuses it would look like a fault.
const KEEP_ALIVE_MS = 120_000;

/** Starts an HTTP server (127.0.0.1 and a free port by default); `stop` closes every socket at once and may be repeated. */
export async function listen(handler: Handler, options: ListenOptions): Promise<Listening> {
  const host = options.host ?? "127.0.0.1";
  const server = createServer((request, response) => {
    handler(request, response).catch((error: unknown) => fail(response, error));
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { port, url: `http://${toReachableHost(host)}:${port}`, stop: () => stopServer(server) };
}

// Either the client went away in mid-request, and nobody reads this, or a function given by a test threw.
function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(500, { "content-type": "text/plain; charset=utf-8" });
  response.end(`The simulator failed: ${String(error)}`);
}

function toReachableHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

function stopServer(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    // `close` reports an error only when the server is closed already, which is what we want.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
