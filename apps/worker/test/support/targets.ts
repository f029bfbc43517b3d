import { createServer, type Server } from "node:net";
import type { Target, TargetRequest } from "../../src/targets/target.ts";
import { webhookKind } from "../../src/targets/webhook/webhook.ts";

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
export const OTHER_SECRET = `whsec_${Buffer.alloc(24, 9).toString("base64")}`;

/** A webhook target; supplied by a request unless told otherwise. */
export function webhook(url: string, options: { isFromRequest?: boolean; signingSecrets?: string[] } = {}): Target {
  return webhookKind.create({ name: "hook", url: new URL(url), isFromRequest: true, signingSecrets: [], ...options });
}

/** The request of one attempt. */
export function toRequest(target: Target, body: Buffer | string = "{}"): TargetRequest {
  return target.toRequest({ deliveryId: "d1", body: Buffer.from(body) }, new Date());
}

/** A bare TCP server that counts connections and answers as `onConnection` does. */
export async function startTcp(onConnection: (socket: import("node:net").Socket) => void = () => undefined) {
  let connections = 0;
  const sockets = new Set<import("node:net").Socket>();
  const server: Server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    connections: () => connections,
    stop: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
