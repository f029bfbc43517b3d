import { connect, type Socket } from "node:net";

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface Asked {
  readonly method?: string;
  /** Sent as it is: no client resolves or encodes it. */
  readonly path: string;
  /** As they are, in Latin-1. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Header lines besides, also such as no client would send. */
  readonly lines?: readonly string[];
}

/** Sends one request, whatever it looks like, and reads its answer. */
export async function ask(port: number, { method = "GET", path, headers = {}, lines = [] }: Asked): Promise<RawAnswer> {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`${method} ${path} HTTP/1.1`, "Host: localhost", "Connection: close", ...fields, ...lines];
  const length = ["POST", "PUT", "PATCH"].includes(method) ? ["Content-Length: 0"] : [];
  const { received } = await exchange(port, `${[...head, ...length].join("\r\n")}\r\n\r\n`);
  return toAnswer(received);
}

/** What came back on a connection until it was closed or `timeoutMs` had passed. */
export interface Exchange {
  readonly received: string;
  readonly isClosed: boolean;
  readonly durationMs: number;
}

/** Writes `sent` (Latin-1) and reads until the other side closes, at most for `timeoutMs`. */
export function exchange(port: number, sent: string, timeoutMs = 5000): Promise<Exchange> {
  const start = performance.now();
  return new Promise((resolve) => {
    const socket = open(port);
    let received = "";
    const done = (isClosed: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ received, isClosed, durationMs: performance.now() - start });
    };
    const timer = setTimeout(() => done(false), timeoutMs);
    socket.on("data", (chunk: string) => {
      received += chunk;
    });
    socket.once("close", () => done(true));
    socket.write(sent, "latin1");
  });
}

/** A connection that complains of nothing: being cut off is what is looked at. */
export function open(port: number): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.setEncoding("latin1").on("error", () => undefined);
  return socket;
}

/** The statuses of all answers on a connection, in order. */
export function toStatuses(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

function toAnswer(received: string): RawAnswer {
  const [head = "", ...rest] = received.split("\r\n\r\n");
  const [, ...lines] = head.split("\r\n");
  const headers = lines.map((line) => {
    const at = line.indexOf(":");
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()] as const;
  });
  return { status: toStatuses(head)[0] ?? 0, headers: Object.fromEntries(headers), text: rest.join("\r\n\r\n") };
}
