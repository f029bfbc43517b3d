import { parseObject, toJsonRequest } from "../json.ts";
import type { Answer, Reading, TargetKind } from "../target.ts";
import { renderMattermost } from "./render.ts";

const GONE = "web.incoming_webhook.invalid.app_error";

/** Mattermost: an incoming webhook. */
export const mattermostKind: TargetKind<"mattermost"> = {
  kind: "mattermost",
  // RateLimitSettings.PerSec, where a server has its rate limit on: 10.
  defaults: { intervalMs: 100, maxInFlight: 4 },
  create(options, { name, isFromRequest, limits }) {
    const url = new URL(options.url);
    return {
      name,
      kind: "mattermost",
      isFromRequest,
      limits,
      threading: "none",
      toRequest: ({ message }) =>
        toJsonRequest({ url, payload: renderMattermost(message), configured: options.headers }),
      read,
    };
  },
};

/** `ok` in plain text, else an error whose id tells what is wrong. */
function read({ status, body }: Answer): Reading | undefined {
  if (status >= 200 && status < 300) {
    return body.trim() === "ok" ? { kind: "delivered" } : { kind: "refused", detail: "the answer is not Mattermost's" };
  }
  const id = parseObject(body)?.id;
  if (status === 429 || status >= 500 || typeof id !== "string" || !/^[a-z_.]{1,100}$/.test(id)) return undefined;
  return { kind: id === GONE ? "gone" : "refused", detail: `mattermost answered ${id}` };
}
