import { parseRetryAfterMs } from "@hookline/runtime";
import { parseObject, toJsonRequest, toObject } from "../json.ts";
import type { Answer, Outgoing, Place, Reading, TargetKind } from "../target.ts";
import { renderGoogleChat } from "./render.ts";

/** ms to wait when Google does not say for how long: it counts by the minute. */
const RATE_LIMIT_MS = 60_000;
const JOINING = "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD";

/** Google Chat: the webhook of a space, whose address carries key and token. */
export const googlechatKind: TargetKind<"googlechat"> = {
  kind: "googlechat",
  // developers.google.com/workspace/chat/limits: one request a second in a space, by all webhooks together.
  defaults: { intervalMs: 1000, maxInFlight: 1 },
  create(options, { name, isFromRequest, limits }) {
    return {
      name,
      kind: "googlechat",
      isFromRequest,
      limits,
      threading: "named",
      toRequest: (outgoing, { place }) => {
        const threadKey = toThreadKey(outgoing, place);
        const url = new URL(options.url);
        // Without this option the key is ignored.
        if (threadKey !== undefined) url.searchParams.set("messageReplyOption", JOINING);
        const thread = threadKey === undefined ? {} : { thread: { threadKey } };
        const payload = { ...renderGoogleChat(outgoing.message), ...thread };
        return toJsonRequest({ url, payload, configured: options.headers });
      },
      read,
    };
  },
};

function toThreadKey({ message: { thread }, day }: Outgoing, place: Place): string | undefined {
  return thread === undefined || day === undefined || place.role === "alone" ? undefined : `${thread.key}_${day}`;
}

/** An error is `{"error": {"status": "RESOURCE_EXHAUSTED", "details": […]}}` (google.rpc.Status). */
function read({ status: httpStatus, headers, body }: Answer): Reading | undefined {
  const error = toObject(parseObject(body)?.error);
  const status = error?.status;
  if (typeof status !== "string") return undefined;
  if (status === "RESOURCE_EXHAUSTED") {
    const waitMs = parseRetryAfterMs(headers["retry-after"]) ?? toRetryDelayMs(error?.details) ?? RATE_LIMIT_MS;
    return { kind: "retry_later", waitMs };
  }
  if (httpStatus >= 500 || !/^[A-Z_]{1,60}$/.test(status)) return undefined;
  return { kind: status === "NOT_FOUND" ? "gone" : "refused", detail: `google chat answered ${status}` };
}

// google.rpc.RetryInfo writes a duration as `5s` or `1.5s`.
function toRetryDelayMs(details: unknown): number | undefined {
  if (!Array.isArray(details)) return undefined;
  const delays = details.map((detail) => toObject(detail)?.retryDelay).filter((delay) => typeof delay === "string");
  return parseRetryAfterMs(delays[0]?.replace(/s$/, ""));
}
