import { parseRetryAfterMs } from "@hookline/runtime";
import { parseObject, toJsonRequest } from "../json.ts";
import type { Answer, Reading, TargetKind } from "../target.ts";
import { renderRocketChat } from "./render.ts";

/** Rocket.Chat: an incoming integration. */
export const rocketchatKind: TargetKind<"rocketchat"> = {
  kind: "rocketchat",
  // Integrations have no limit of their own; a server's API takes 10 requests in a burst.
  defaults: { intervalMs: 100, maxInFlight: 4 },
  create(options, { name, isFromRequest, limits }) {
    const url = new URL(options.url);
    return {
      name,
      kind: "rocketchat",
      isFromRequest,
      limits,
      threading: "none",
      toRequest: ({ message }) =>
        toJsonRequest({ url, payload: renderRocketChat(message), configured: options.headers }),
      read,
    };
  },
};

/** `{"success": true}`; `false` is an error whatever the status. Answers of an integration's own script are not read. */
function read({ status, headers, body }: Answer): Reading | undefined {
  const { success, error } = parseObject(body) ?? {};
  if (success !== false) return undefined;
  const text = typeof error === "string" ? error : "";
  if (status === 429) return toRateLimit(text, headers["retry-after"]);
  if (status === 404 && text.startsWith("Invalid integration id or token")) {
    return { kind: "gone", detail: "rocketchat knows no such integration" };
  }
  const code = /error-[a-z-]{1,60}/.exec(text)?.[0];
  return {
    kind: "refused",
    detail: code === undefined ? `rocketchat refused with ${status}` : `rocketchat answered ${code}`,
  };
}

// The wait stands in the text; the header is a proxy's.
function toRateLimit(text: string, header: string | undefined): Reading | undefined {
  const seconds = /must wait (\d{1,6}) seconds/.exec(text)?.[1];
  const waitMs = parseRetryAfterMs(header) ?? parseRetryAfterMs(seconds);
  return waitMs === undefined ? undefined : { kind: "retry_later", waitMs };
}
