import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Ledger } from "./ledger.ts";

export type Mood = "ok" | "500" | "429" | "hangs";

/** A receiver that keeps nothing but the account: one that keeps requests would grow. */
export interface CountingReceiver {
  readonly name: string;
  readonly url: string;
  mood: Mood;
  stop(): Promise<void>;
}

/** `toTarget` tells by the path which target a request was meant for. */
export async function startCountingReceiver(
  name: string,
  ledger: Ledger,
  toTarget: (path: string) => string,
): Promise<CountingReceiver> {
  const receiver = { name, url: "", mood: "ok" as Mood, stop: () => stop(server) };
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    switch (receiver.mood) {
      case "hangs":
        return;
      case "500":
        return void response.writeHead(500).end();
      case "429":
        return void response.writeHead(429, { "retry-after": "2" }).end();
      case "ok": {
        const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { id: string };
        if (response.destroyed) return;
        ledger.receive(id, toTarget(request.url ?? "/"), String(request.headers["webhook-id"]));
        response.end("ok");
      }
    }
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return receiver;
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
