import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type ConnectionLimits, limitConnections } from "./http-server-connections.ts";
import { limitRequests } from "./http-server-requests.ts";

export interface HttpServer {
  readonly port: number;
  /** Stops listening and resolves when the requests under way are answered; their connections are then closed. */
  close(): Promise<void>;
}

/** Ends of patience with a client, ms. */
export interface ServerTimeouts {
  /** For the head of a request. */
  readonly headersTimeout: number;
  /** For a whole request. */
  readonly requestTimeout: number;
  /** Between two requests of a connection. */
  readonly keepAliveTimeout: number;
  /** For anything at all to happen while a request is under way: a client that never reads its answer is dropped. */
  readonly timeout: number;
  /** How often the first two are looked at. */
  readonly connectionsCheckingInterval: number;
}

export interface ListenOptions {
  readonly port: number;
  /** All addresses, of both families, when `undefined`. */
  readonly host: string | undefined;
  /** None unless given. */
  readonly connections?: ConnectionLimits;
  /** Over the usual ones; tests are more impatient. */
  readonly timeouts?: Partial<ServerTimeouts>;
}

/** Slow requests are cut off (408), connections are not for ever. */
export const TIMEOUTS: ServerTimeouts = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  timeout: 60_000,
  connectionsCheckingInterval: 1000,
};

/** Said although they are Node's defaults: neither NODE_OPTIONS nor a later Node may soften them. */
const PARSING = { maxHeaderSize: 16_384, insecureHTTPParser: false, requireHostHeader: true };

/**
 * Listens with `listener`. Port 0 takes a free one.
 *
 * @throws the system's error (EADDRINUSE, EACCES) when the address cannot be had.
 */
export async function listen(listener: RequestListener, options: ListenOptions): Promise<HttpServer> {
  const { timeout, ...timeouts } = { ...TIMEOUTS, ...options.timeouts };
  const limited = limitRequests(listener);
  const server = createServer({ ...timeouts, ...PARSING }, (request, response) => {
    // Once we are closing, a kept-alive connection would hold the process for its whole idle time.
    if (!server.listening) response.setHeader("connection", "close");
    limited(request, response);
  });
  server.timeout = timeout;
  if (options.connections !== undefined) limitConnections(server, options.connections);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

/** Requests that were under way when we began to close leave their connections idle only later. */
const SWEEP_MS = 25;

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    server.close((error) => {
      clearInterval(sweep);
      if (error === undefined) resolve();
      else reject(error);
    });
    server.closeIdleConnections();
  });
}
