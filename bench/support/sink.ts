import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface SinkOptions {
  /** ms before each answer; default 0. */
  readonly delayMs?: number;
}

/** A receiver that answers 200 and keeps nothing but when each `webhook-id` came first. */
export interface Sink {
  readonly url: string;
  /** When each `webhook-id` came first, on `performance.now()`'s clock. */
  readonly arrivals: ReadonlyMap<string, number>;
  /** Requests in all, repeats included. */
  readonly received: number;
  /** The body that came last. */
  readonly lastBody: Buffer;
  /** Resolves when `count` different ids have come. @throws after `timeoutMs` without any new one. */
  untilArrived(count: number, timeoutMs?: number): Promise<void>;
  /** Forgets all that has come. */
  reset(): void;
  stop(): Promise<void>;
}

/** Starts a receiver that costs as little as one can: real ones record and verify. */
export async function startSink({ delayMs = 0 }: SinkOptions = {}): Promise<Sink> {
  const arrivals = new Map<string, number>();
  let received = 0;
  let lastBody: Buffer = Buffer.alloc(0);
  const note = (request: IncomingMessage, chunks: readonly Buffer[]) => {
    received += 1;
    lastBody = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    const id = String(request.headers["webhook-id"]);
    if (!arrivals.has(id)) arrivals.set(id, performance.now());
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      note(request, chunks);
      answer(response, delayMs);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: toUrl(server.address()),
    arrivals,
    get received() {
      return received;
    },
    get lastBody() {
      return lastBody;
    },
    untilArrived: (count, timeoutMs = 20_000) => untilArrived(arrivals, count, timeoutMs),
    reset() {
      arrivals.clear();
      received = 0;
    },
    stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

function answer(response: ServerResponse, delayMs: number): void {
  if (delayMs > 0) setTimeout(() => response.end("ok"), delayMs);
  else response.end("ok");
}

function toUrl(address: ReturnType<ReturnType<typeof createServer>["address"]>): string {
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

/** As long as something arrives there is no need to give up. */
async function untilArrived(arrivals: ReadonlyMap<string, number>, count: number, timeoutMs: number): Promise<void> {
  let [known, since] = [arrivals.size, performance.now()];
  while (arrivals.size < count) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (arrivals.size > known) [known, since] = [arrivals.size, performance.now()];
    if (performance.now() - since > timeoutMs) {
      throw new Error(`${arrivals.size} of ${count} came, and no more for ${timeoutMs} ms`);
    }
  }
}

/** The id of the task behind one of Hookline's `webhook-id`s. */
export function toTaskIdOf(webhookId: string): string {
  return `t${webhookId.slice(1, webhookId.lastIndexOf("-"))}`;
}
