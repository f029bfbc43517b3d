import { createServer, type Server } from "node:net";
import type { Message, Outgoing, Target, TargetRequest } from "../../src/targets/target.ts";
import { webhookKind } from "../../src/targets/webhook/webhook.ts";

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
export const OTHER_SECRET = `whsec_${Buffer.alloc(24, 9).toString("base64")}`;

/** A webhook target; supplied by a request unless told otherwise. */
export function webhook(
  url: string,
  {
    isFromRequest = true,
    secret,
    timeoutMs = 5000,
  }: { isFromRequest?: boolean; secret?: string; timeoutMs?: number } = {},
): Target {
  const options = { kind: "webhook" as const, url, ...(secret === undefined ? {} : { secret }) };
  const limits = { ...webhookKind.defaults, timeoutMs };
  return webhookKind.create(options, { name: "hook", isFromRequest, limits, inboxToken: () => undefined });
}

/** What a target is given to post. */
export function outgoing(body: Buffer | string = "{}", deliveryId = "d1"): Outgoing {
  return { deliveryId, body: Buffer.from(body), message: MESSAGE, day: undefined, inbox: undefined };
}

/** The request of one attempt. */
export function toRequest(target: Target, body: Buffer | string = "{}"): TargetRequest {
  return target.toRequest(outgoing(body), { now: new Date(), place: { role: "alone" } });
}

const MESSAGE: Message = {
  title: "octocat/hello-world",
  url: "https://github.com/octocat/hello-world",
  summary: "octocat/hello-world: nothing has changed",
  author: undefined,
  status: { tone: "quiet", text: "unchanged" },
  facts: [],
  body: [],
  sections: [],
  footer: "GitHub",
  at: "2026-01-02T03:04:05.000Z",
  thread: undefined,
};

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
