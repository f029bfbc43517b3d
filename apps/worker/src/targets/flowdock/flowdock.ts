import { PermanentError } from "@hookline/runtime";
import { mergeHeaders } from "../headers.ts";
import type { Outgoing, TargetContext, TargetKind, TargetOptionsOf } from "../target.ts";
import { renderFlowdock } from "./render.ts";

/** Flowdock's message format: the service closed in 2023, receivers that people host themselves take it still. */
export const flowdockKind: TargetKind<"flowdock"> = {
  kind: "flowdock",
  // Nothing is documented: what a small server bears.
  defaults: { intervalMs: 100, maxInFlight: 4 },
  create(options, context) {
    const { name, isFromRequest, limits } = context;
    const url = new URL(options.url);
    const authorName = options.authorName ?? "Hookline";
    const headers = mergeHeaders(options.headers, { "content-type": "application/json" });
    return {
      name,
      kind: "flowdock",
      isFromRequest,
      limits,
      threading: "named",
      toRequest: (outgoing, { place }) => {
        const flowToken = toFlowToken(options, context, outgoing);
        const payload = renderFlowdock(outgoing, place, { flowToken, authorName });
        return { url, headers, body: Buffer.from(JSON.stringify(payload)) };
      },
      read: () => undefined,
    };
  },
};

function toFlowToken(
  { flowToken }: TargetOptionsOf<"flowdock">,
  { name, inboxToken }: TargetContext,
  { inbox }: Outgoing,
): string {
  const token = flowToken ?? (inbox === undefined ? undefined : inboxToken(inbox));
  if (token !== undefined) return token;
  const why =
    inbox === undefined ? "the message came in by no inbox" : `the inbox "${inbox}" is not configured any more`;
  throw new PermanentError("target_misconfigured", `the target "${name}" has no flowToken, and ${why}`);
}
