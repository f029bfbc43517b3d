import type { IncomingMessage } from "node:http";
import { type Identity, toIdentity } from "./identity.ts";

/** A request as the routes see it. */
export interface Call {
  method: string;
  /** Path below the API's root, without query. */
  path: string;
  query: URLSearchParams;
  /** The API's root as this client addresses it; every URL in an answer begins with it. */
  base: string;
  identity: Identity;
  userAgent: string | undefined;
  ifNoneMatch: string | undefined;
  body: string;
}

export interface CallContext {
  tokens: ReadonlySet<string>;
  /** Path of the API's root: "" or "/api/v3". */
  root: string;
  body: Buffer;
}

/** Reads what matters from a request. With the root `/api/v3`, GraphQL is at `/api/graphql`, as on GitHub Enterprise Server. */
export function toCall(request: IncomingMessage, context: CallContext): Call {
  const origin = `http://${request.headers.host ?? "localhost"}`;
  const url = new URL(request.url ?? "/", origin);
  return {
    method: request.method ?? "GET",
    path: toPathBelow(context.root, url.pathname),
    query: url.searchParams,
    base: `${origin}${context.root}`,
    identity: toIdentity(request.headers.authorization, context.tokens),
    userAgent: request.headers["user-agent"],
    ifNoneMatch: request.headers["if-none-match"],
    body: context.body.toString("utf8"),
  };
}

function toPathBelow(root: string, pathname: string): string {
  if (root === "") return pathname;
  if (pathname === "/api/graphql") return "/graphql";
  return pathname.startsWith(`${root}/`) ? pathname.slice(root.length) : "/outside";
}
