import { connect, createServer, type Server, type Socket } from "node:net";
import { Pipe } from "./tcp-pipe.ts";

export interface TcpProxyOptions {
  /** The port on 127.0.0.1 that connections are carried to. */
  readonly port: number;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly pipes: readonly Pipe[];
}

/** A bad network in front of a server on this machine. Made by {@link startTcpProxy}. */
export class TcpProxy {
  /** Added to every byte's way, in each direction, ms. */
  latencyMs = 0;
  readonly #target: number;
  readonly #pairs = new Set<Pair>();
  #server: Server | undefined;
  #isFrozen = false;
  #held: { readonly text: string; readonly onHeld: () => void } | undefined;

  constructor({ port }: TcpProxyOptions) {
    this.#target = port;
  }

  get port(): number {
    const address = this.#server?.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#pairs.size;
  }

  /** Nothing gets through any more, in either direction; connections stay open and new ones are taken. */
  freeze(): void {
    this.#isFrozen = true;
    this.strand();
  }

  /** Open connections lead nowhere from now on, and nobody is told; new ones work. So does a firewall that forgets. */
  strand(): void {
    for (const { pipes } of this.#pairs) for (const pipe of pipes) pipe.close();
  }

  /** Ends {@link freeze}, {@link strand} and {@link hold}: what was kept goes on its way. */
  thaw(): void {
    this.#isFrozen = false;
    this.#held = undefined;
    for (const { pipes } of this.#pairs) for (const pipe of pipes) pipe.open();
  }

  /** Breaks every connection off. */
  cut(): void {
    for (const { client } of this.#pairs) client.resetAndDestroy();
  }

  /**
   * Each connection whose client sends this text is held from there on: that piece and whatever follows does not reach
   * the server. Resolves when the first one is.
   */
  hold(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.#held = { text, onHeld: resolve };
    });
  }

  /** Begins to listen; called once, by {@link startTcpProxy}. */
  start(): Promise<void> {
    const server = createServer((client) => this.#carry(client));
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => resolve());
    });
  }

  stop(): Promise<void> {
    for (const { client, server } of this.#pairs) for (const socket of [client, server]) socket.destroy();
    return new Promise((resolve) => {
      if (this.#server === undefined) resolve();
      else this.#server.close(() => resolve());
    });
  }

  #carry(client: Socket): void {
    const server = connect(this.#target, "127.0.0.1");
    const latency = () => this.latencyMs;
    const up = new Pipe(server, latency);
    const down = new Pipe(client, latency);
    const pair: Pair = { client, server, pipes: [up, down] };
    this.#pairs.add(pair);
    if (this.#isFrozen) for (const pipe of pair.pipes) pipe.close();
    client.on("data", (chunk) => {
      if (this.#held !== undefined && chunk.includes(this.#held.text)) {
        up.close();
        this.#held.onHeld();
      }
      up.write(chunk);
    });
    server.on("data", (chunk) => down.write(chunk));
    this.#watchEnds(pair, up, down);
  }

  /** An end gets through like any other byte, but a client's whose words are kept is not heard of any more. */
  #watchEnds(pair: Pair, up: Pipe, down: Pipe): void {
    const { client, server } = pair;
    // A connection that breaks off closes too, which is all that the other side needs to know.
    for (const socket of [client, server]) socket.on("error", () => undefined);
    client.once("close", () => {
      this.#pairs.delete(pair);
      if (up.isOpen) up.end();
      else server.destroy();
    });
    server.once("close", () => down.end());
  }
}

/** Puts a bad network in front of a local port. It is a good one until told otherwise. */
export async function startTcpProxy(options: TcpProxyOptions): Promise<TcpProxy> {
  const proxy = new TcpProxy(options);
  await proxy.start();
  return proxy;
}
