import type { IncomingMessage, ServerResponse } from "node:http";
import { parseUrl } from "@hookline/runtime";

/** A handler that uses nothing Express adds to requests and responses: it runs in Express's routes and before them. */
export type PlainHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void | Promise<void>;

/** A request's path, without its query. */
export function toPath(request: IncomingMessage): string {
  const { url = "/" } = request;
  if (!url.startsWith("/")) return parseUrl(url)?.pathname ?? url;
  const end = url.indexOf("?");
  return end < 0 ? url : url.slice(0, end);
}

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  answer: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: unknown },
): void {
  const text = JSON.stringify(answer.body);
  response.statusCode = answer.status;
  for (const name of Object.keys(answer.headers)) response.setHeader(name, answer.headers[name] ?? "");
  response.setHeader("content-type", "application/json; charset=utf-8");
  response.setHeader("content-length", Buffer.byteLength(text));
  response.end(text);
}
