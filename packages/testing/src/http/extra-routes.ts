import type { IncomingMessage, ServerResponse } from "node:http";

/** GET paths answered with the JSON their function returns; neither recorded nor subject to the server's own rules. */
export type ExtraRoutes = Record<string, () => unknown>;

/** Answers a request when it is for an extra route, and says whether it did. */
export function answerExtraRoute(routes: ExtraRoutes, request: IncomingMessage, response: ServerResponse): boolean {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (route === undefined || request.method !== "GET") return false;
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(route()));
  return true;
}
