import { request as httpRequest, type IncomingMessage } from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type HostileName, hostileBehaviours } from "./behaviours.ts";
import { prepareBombs } from "./bombs.ts";
import { type RawRequest, takeRequest } from "./raw-request.ts";

export interface HostileServer {
  readonly url: string;
  /** Connections accepted so far. */
  readonly connections: number;
  /** Bytes written on all of them, those on their way included. */
  readonly written: number;
  stop(): Promise<void>;
}

export interface HostileServerOptions {
  /** Where requests go that no behaviour is for; default: they are answered 404. */
  readonly upstream?: string;
}

/**
 * Starts a server whose behaviour is the segment of the path that names one: `/silent`, `/repos/octocat/gzip-bomb`.
 * It speaks over the bare socket, past every rule of HTTP.
 */
export async function startHostileServer({ upstream }: HostileServerOptions = {}): Promise<HostileServer> {
  prepareBombs();
  const sockets = new Set<Socket>();
  let connections = 0;
  let written = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => {
      sockets.delete(socket);
      written += socket.bytesWritten;
    });
    onRequest(socket, (request) => {
      const name = toBehaviour(request);
      if (name !== undefined) hostileBehaviours[name](socket);
      else if (upstream !== undefined) forward(upstream, request, socket);
      else socket.write("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get connections() {
      return connections;
    },
    get written() {
      return [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, written);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function onRequest(socket: Socket, answer: (request: RawRequest) => void): void {
  let read: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    read = Buffer.concat([read, chunk]);
    for (let taken = takeRequest(read); taken !== undefined; taken = takeRequest(read)) {
      read = taken.rest;
      answer(taken.request);
    }
  });
}

function toBehaviour({ path }: RawRequest): HostileName | undefined {
  const segments = (path.split("?", 1)[0] ?? "").split("/");
  return segments.find((segment): segment is HostileName => Object.hasOwn(hostileBehaviours, segment));
}

/** Passes a request on and writes what came back; the client's connection stays open. */
function forward(upstream: string, { method, path, headers, body }: RawRequest, socket: Socket): void {
  const outgoing = httpRequest(new URL(path, upstream), { method, headers, agent: false }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on("data", (chunk: Buffer) => chunks.push(chunk));
    answer.once("end", () => socket.write(toWire(answer, Buffer.concat(chunks))));
  });
  outgoing.on("error", () => socket.destroy());
  outgoing.end(body);
}

const HOP_BY_HOP = /^(connection|keep-alive|transfer-encoding|content-length)$/i;

function toWire({ statusCode = 502, rawHeaders }: IncomingMessage, body: Buffer): Buffer {
  const pairs = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ""]] : []));
  const kept = pairs.filter(([name = ""]) => !HOP_BY_HOP.test(name)).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = statusCode === 304 || statusCode === 204 ? "" : `content-length: ${body.length}\r\n`;
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${statusCode} Answer\r\n${kept.join("")}${length}\r\n`, "latin1"), body]);
}
