import type { Socket } from "node:net";
import { BOMB_BYTES, toBomb } from "./bombs.ts";

/** Does to whoever asked what the behaviour's name says; the request has been read. */
type Behaviour = (socket: Socket) => void;

const DRIP_MS = 50;
const DEPTH = 100_000;

const head = (headers = "", status = "200 OK") =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\n${headers}\r\n`;
const whole = (body: string | Buffer, headers = "") =>
  Buffer.concat([Buffer.from(head(`${headers}content-length: ${Buffer.byteLength(body)}\r\n`)), Buffer.from(body)]);
const redirect = (location: string) => head(`location: ${location}\r\ncontent-length: 0\r\n`, "301 Moved Permanently");
const packed = (encoding: Parameters<typeof toBomb>[0]) => (socket: Socket) => {
  socket.write(whole(toBomb(encoding), `content-encoding: ${encoding}\r\n`));
};

/** What a server that is broken, careless or malicious does with a request. */
export const hostileBehaviours = {
  silent: () => undefined,
  "slow-headers": (socket) => {
    socket.write("HTTP/1.1 200 OK\r\nx-slow: ");
    drip(socket, () => "x");
  },
  "slow-body": (socket) => {
    socket.write(head("content-length: 100000\r\n"));
    drip(socket, () => " ");
  },
  "endless-interim": (socket) => drip(socket, () => "HTTP/1.1 102 Processing\r\n\r\n"),
  "endless-headers": (socket) => {
    socket.write("HTTP/1.1 200 OK\r\n");
    pump(socket, () => Buffer.from(`x-${"y".repeat(1000)}: z\r\n`));
  },
  "closed-at-once": (socket) => void socket.end(),
  "reset-at-once": (socket) => void socket.resetAndDestroy(),
  "reset-after-headers": (socket) => {
    socket.write(`${head("content-length: 1000\r\n")}{`, () => setTimeout(() => socket.resetAndDestroy(), DRIP_MS));
  },
  truncated: (socket) => void socket.end(`${head("content-length: 1000\r\n")}{"id": 1`),
  "truncated-chunks": (socket) => void socket.end(`${head("transfer-encoding: chunked\r\n")}8\r\n{"id": 1\r\n`),
  "broken-chunks": (socket) => void socket.end(`${head("transfer-encoding: chunked\r\n")}zz\r\n{}\r\n0\r\n\r\n`),
  "longer-than-told": (socket) => void socket.write(`${head("content-length: 2\r\n")}{}${"x".repeat(5000)}`),
  "second-answer": (socket) => void socket.write(Buffer.concat([whole("{}"), whole('{"forged": true}')])),
  "two-lengths": (socket) => void socket.end(`${head("content-length: 2\r\ncontent-length: 3\r\n")}{}x`),
  "hundred-megabytes": (socket) => {
    socket.write(head("content-length: 104857600\r\n"));
    const chunk = Buffer.alloc(65_536, " ");
    pump(socket, (sent) => (sent < 104_857_600 ? chunk : undefined));
  },
  "endless-body": (socket) => {
    socket.write(head("connection: close\r\n"));
    const chunk = Buffer.alloc(65_536, " ");
    pump(socket, (sent) => (sent < BOMB_BYTES ? chunk : undefined));
  },
  "gzip-bomb": packed("gzip"),
  "deflate-bomb": packed("deflate"),
  "brotli-bomb": packed("br"),
  "zstd-bomb": packed("zstd"),
  "not-gzip-at-all": (socket) => void socket.write(whole('{"id": 1}', "content-encoding: gzip\r\n")),
  "invalid-utf8": (socket) =>
    void socket.write(whole(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc3, 0x22, 0x3a, 0x31, 0x7d]))),
  "deep-lists": (socket) => void socket.write(whole("[".repeat(DEPTH) + "]".repeat(DEPTH))),
  "deep-objects": (socket) => void socket.write(whole(`${'{"a":'.repeat(DEPTH)}1${"}".repeat(DEPTH)}`)),
  "forged-prototype": (socket) =>
    void socket.write(whole('{"__proto__": {"id": 1}, "constructor": {"prototype": {}}}')),
  "not-json": (socket) => void socket.write(whole("<html>Unicorn</html>")),
  "empty-body": (socket) => void socket.write(whole("")),
  "not-http": (socket) => void socket.end("220 mail.example ESMTP\r\n"),
  "redirect-loop": (socket) => void socket.write(redirect("?again")),
  "redirect-to-metadata": (socket) => void socket.write(redirect("http://169.254.169.254/latest/meta-data/")),
  "redirect-to-file": (socket) => void socket.write(redirect("file:///etc/passwd")),
} as const satisfies Record<string, Behaviour>;

export type HostileName = keyof typeof hostileBehaviours;

/** Writes a little every now and then until the socket is closed. */
function drip(socket: Socket, next: () => string): void {
  const timer = setInterval(() => socket.write(next()), DRIP_MS);
  socket.once("close", () => clearInterval(timer));
}

/** Writes as fast as it is read, until there is no more, and then closes. */
function pump(socket: Socket, next: (sent: number) => Buffer | undefined): void {
  let sent = 0;
  const write = () => {
    while (!socket.destroyed) {
      const chunk = next(sent);
      if (chunk === undefined) return void socket.end();
      sent += chunk.length;
      if (!socket.write(chunk)) return void socket.once("drain", write);
    }
  };
  write();
}
