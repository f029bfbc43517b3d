import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Header fields of a request; Node itself keeps 2,000 and forgets the others without a word. */
export const MOST_HEADERS = 100;
/** Requests of one connection that may wait for the answers before theirs. */
export const MOST_PIPELINED = 32;

/** Refuses requests with too many header fields (431), and connections that send requests on and on without waiting. */
export function limitRequests(listener: RequestListener): RequestListener {
  const waiting = new WeakMap<Socket, number>();
  return (request, response) => {
    // Names and values stand in turn.
    if (request.rawHeaders.length > 2 * MOST_HEADERS) return refuse(response);
    // Only a response that waits for another one has no socket yet: others cost nothing here.
    if (response.socket === null && !mayWait(waiting, request, response)) return request.socket.destroy();
    return listener(request, response);
  };
}

function mayWait(waiting: WeakMap<Socket, number>, { socket }: IncomingMessage, response: ServerResponse): boolean {
  const count = (waiting.get(socket) ?? 0) + 1;
  waiting.set(socket, count);
  response.once("close", () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
  return count <= MOST_PIPELINED;
}

function refuse(response: ServerResponse): void {
  response.writeHead(431, { connection: "close", "content-length": "0" }).end();
}
