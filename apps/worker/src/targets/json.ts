import { mergeHeaders } from "./headers.ts";
import type { TargetRequest } from "./target.ts";

/** An answer's JSON object, else `undefined`: whatever a proxy says in the service's place must not throw. */
export function parseObject(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return toObject(JSON.parse(body));
  } catch {
    return undefined;
  }
}

/** A member that is to be an object. */
export function toObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value));
}

interface JsonRequest {
  readonly url: URL;
  readonly method?: "POST" | "PATCH";
  readonly payload: object;
  /** The target's `headers` option. */
  readonly configured?: Readonly<Record<string, string>> | undefined;
  /** What the service asks for, such as authorization: configured headers cannot change it. */
  readonly own?: Readonly<Record<string, string>>;
}

/** A request that carries JSON. */
export function toJsonRequest({ url, method = "POST", payload, configured, own }: JsonRequest): TargetRequest {
  const headers = mergeHeaders(configured, { "content-type": "application/json; charset=utf-8", ...own });
  return { method, url, headers, body: Buffer.from(JSON.stringify(payload)) };
}
