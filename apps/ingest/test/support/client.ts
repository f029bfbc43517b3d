import { Agent, type IncomingMessage, request } from "node:http";

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  /** The parsed body; an empty object when it is no JSON. */
  readonly body: T;
}

export interface SendOptions {
  /** Sent as JSON, with its content type. */
  readonly body?: unknown;
  /** Sent as it is, with no content type unless one is among the headers. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Client {
  send<T = Record<string, unknown>>(method: string, path: string, options?: SendOptions): Promise<Answer<T>>;
  close(): void;
}

/** A client that sends exactly what it is told, broken requests included. */
export function createClient(address: string): Client {
  const agent = new Agent({ keepAlive: true });
  return {
    send: (method, path, options = {}) => send({ agent, address, method, path, ...options }),
    close: () => agent.destroy(),
  };
}

interface Sending extends SendOptions {
  readonly agent: Agent;
  readonly address: string;
  readonly method: string;
  readonly path: string;
}

function send<T>({ agent, address, method, path, body, raw, headers }: Sending): Promise<Answer<T>> {
  const json = body === undefined ? undefined : JSON.stringify(body);
  const payload = raw ?? json;
  const type = json === undefined ? {} : { "content-type": "application/json" };
  const isChunked = headers?.["transfer-encoding"] !== undefined;
  const length = payload === undefined || isChunked ? {} : { "content-length": String(Buffer.byteLength(payload)) };
  return new Promise((resolve, reject) => {
    const outgoing = request(address + path, { agent, method, headers: { ...type, ...length, ...headers } });
    outgoing.once("error", reject);
    outgoing.once("response", (response) => readAnswer<T>(response).then(resolve, reject));
    outgoing.end(payload);
  });
}

async function readAnswer<T>(response: IncomingMessage): Promise<Answer<T>> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return { status: response.statusCode ?? 0, headers: response.headers, text, body: parse(text) as T };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
