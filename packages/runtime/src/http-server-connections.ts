import type { Server } from "node:http";
import type { Socket } from "node:net";
import { toClient } from "./client-address.ts";

/** How many connections there may be at once; 0 is no limit. */
export interface ConnectionLimits {
  readonly total: number;
  readonly perClient: number;
  /** Whether an address is a proxy's, behind which there are many clients: it is held to `total` alone. */
  readonly isProxy: (address: string) => boolean;
  /** Told, at most once a minute, that connections were refused. */
  readonly onRefused: (reason: "total" | "client", client: string) => void;
}

const TOLD_EVERY_MS = 60_000;

/** Drops connections past the limits as they come: answering them would cost what the limits are to save. */
export function limitConnections(server: Server, { total, perClient, isProxy, onRefused }: ConnectionLimits): void {
  const tell = once(onRefused);
  if (total > 0) server.maxConnections = total;
  server.on("drop", (data) => tell("total", toClient(data?.remoteAddress)));
  if (perClient === 0) return;
  const open = new Map<string, number>();
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress;
    if (address === undefined || isProxy(address)) return;
    const client = toClient(address);
    const count = open.get(client) ?? 0;
    if (count >= perClient) {
      tell("client", client);
      return socket.destroy();
    }
    open.set(client, count + 1);
    socket.once("close", () => release(open, client));
  });
}

function release(open: Map<string, number>, client: string): void {
  const left = (open.get(client) ?? 1) - 1;
  if (left > 0) open.set(client, left);
  else open.delete(client);
}

function once(tell: ConnectionLimits["onRefused"]): ConnectionLimits["onRefused"] {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (reason, client) => {
    if (performance.now() - toldAt < TOLD_EVERY_MS) return;
    toldAt = performance.now();
    tell(reason, client);
  };
}
