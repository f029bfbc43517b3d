import { parseObject, toJsonRequest, toObject } from "../json.ts";
import type { Answer, Reading, TargetKind } from "../target.ts";
import { renderTeams } from "./render.ts";

/** Microsoft Teams: a workflow that posts what it receives by a webhook as a card. */
export const teamsKind: TargetKind<"teams"> = {
  kind: "teams",
  // learn.microsoft.com, "Rate limiting for webhooks": four requests a second.
  defaults: { intervalMs: 250, maxInFlight: 4 },
  create(options, { name, isFromRequest, limits }) {
    const url = new URL(options.url);
    return {
      name,
      kind: "teams",
      isFromRequest,
      limits,
      threading: "none",
      toRequest: ({ message }) => toJsonRequest({ url, payload: renderTeams(message), configured: options.headers }),
      read,
    };
  },
};

/** An error is `{"error": {"code": …}}`, also after a 202; connectors that became workflows tell it in a sentence. */
function read({ status, body }: Answer): Reading | undefined {
  const isTaken = status >= 200 && status < 300;
  if (isTaken && /delivery failed/i.test(body))
    return { kind: "refused", detail: "teams could not deliver the message" };
  const code = toObject(parseObject(body)?.error)?.code;
  if (typeof code !== "string" || (!isTaken && (status === 429 || status >= 500))) return undefined;
  const detail = /^[A-Za-z]{1,60}$/.test(code) ? `teams answered ${status} ${code}` : `teams answered ${status}`;
  return { kind: code === "WorkflowNotFound" ? "gone" : "refused", detail };
}
