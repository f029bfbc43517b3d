import { json, refuse } from "../answers.ts";
import { toDotted } from "../check/check.ts";
import { isJsonType, parseObject } from "../parse.ts";
import type { Archive, Call, ChatAnswer, ChatService, Outcome, ServiceOptions } from "../service.ts";
import { checkMessage } from "./card.ts";
import { findPings, readTexts } from "./read.ts";

const PATH = "/workflows/abc/triggers/manual/paths/invoke";
const SIGNATURE = "simulated-workflow-signature";
// learn.microsoft.com, "Create incoming webhooks": 28 KB for a message, four requests a second.
const MAX_BYTES = 28 * 1024;
const TAKEN: ChatAnswer = { status: 202, body: "", headers: {} };

/** Teams through a Workflow: it takes whatever is JSON and shows only what it likes. */
export function createTeams({ token: signature = SIGNATURE }: ServiceOptions): ChatService {
  const query = new URLSearchParams({
    "api-version": "2016-06-01",
    sp: "/triggers/manual/run",
    sv: "1.0",
    sig: signature,
  });
  return {
    toTarget: (baseUrl) => ({ url: `${baseUrl}${PATH}?${query}` }),
    secrets: [signature],
    rate: { count: 4, perMs: 1_000 },
    handle: (call, archive) => handle(call, archive, signature),
    toRateLimited: (_call, seconds) => {
      const wait = Math.ceil(seconds);
      const headers = { "retry-after": String(wait) };
      return toError(
        429,
        { code: "TooManyRequests", message: `Rate limit is exceeded. Try again in ${wait} seconds.` },
        headers,
      );
    },
    toGone: () => toError(404, { code: "WorkflowNotFound", message: "The workflow 'abc' could not be found." }),
  };
}

function handle(call: Call, archive: Archive, signature: string): Outcome {
  if (call.path !== PATH) return fail(404, "WorkflowNotFound");
  if (call.method !== "POST") return fail(405, "MethodNotAllowed");
  if (call.query.get("sig") !== signature) return fail(401, "DirectApiAuthorizationRequired");
  const payload = isJsonType(call.headers["content-type"]) ? parseObject(call.rawBody) : undefined;
  if (payload === undefined) return fail(400, "InvalidRequestContent");
  const reason = toReason(call, payload);
  if (reason !== undefined) return { result: "dropped", answer: TAKEN, reason };
  const id = `teams-${archive.nextNumber()}`;
  return {
    result: "posted",
    answer: TAKEN,
    draft: { payload, texts: readTexts(payload), id, pings: findPings(payload) },
  };
}

function toReason(call: Call, payload: Record<string, unknown>): string | undefined {
  if (call.rawBody.length > MAX_BYTES) return `${call.rawBody.length} bytes are more than ${MAX_BYTES}`;
  const problems = checkMessage(payload).map(({ path, message }) => `${toDotted(path)} ${message}`);
  return problems.length === 0 ? undefined : problems.join("; ");
}

function fail(status: number, code: string): Outcome {
  return refuse(code, toError(status, { code, message: `The request was refused: ${code}.` }));
}

function toError(
  status: number,
  error: { code: string; message: string },
  headers: Record<string, string> = {},
): ChatAnswer {
  return json(status, { error }, headers);
}
