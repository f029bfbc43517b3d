import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface HttpServer {
  readonly port: number;
  /** Stops listening and resolves when the requests under way are answered; their connections are then closed. */
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly port: number;
  /** All addresses, of both families, when `undefined`. */
  readonly host: string | undefined;
}

/** Time-outs and limits of a server that strangers reach: slow requests are cut off, connections are not for ever. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16_384,
  connectionsCheckingInterval: 5_000,
};

/**
 * Listens with `listener`. Port 0 takes a free one.
 *
 * @throws the system's error (EADDRINUSE, EACCES) when the address cannot be had.
 */
export async function listen(listener: RequestListener, options: ListenOptions): Promise<HttpServer> {
  const server = createServer(LIMITS, (request, response) => {
    // Once we are closing, a kept-alive connection would hold the process for its whole idle time.
    if (!server.listening) response.setHeader("connection", "close");
    listener(request, response);
  });
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
