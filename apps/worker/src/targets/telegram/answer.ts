import { parseObject, toObject } from "../json.ts";
import type { Answer, Reading } from "../target.ts";

/** What the Bot API says, as `{"ok": false, "description": …}` with any status; `token` is kept out of what is told. */
export function readTelegramAnswer({ status, body, isTruncated }: Answer, token: string): Reading | undefined {
  const isSuccess = status >= 200 && status < 300;
  const answer = parseObject(body) ?? (isTruncated ? readBeginning(body) : {});
  if (answer.ok === true) return { kind: "delivered", threadRef: toMessageId(answer.result) };
  if (answer.ok !== false) return isSuccess ? { kind: "refused", detail: "the answer is not Telegram's" } : undefined;
  const description = typeof answer.description === "string" ? answer.description : "";
  if (/message is not modified/i.test(description)) return { kind: "delivered" };
  const seconds = toObject(answer.parameters)?.retry_after;
  if (typeof seconds === "number" && seconds >= 0) return { kind: "retry_later", waitMs: Math.ceil(seconds * 1000) };
  if (status === 429 || status >= 500) return undefined;
  return { kind: "refused", detail: toDetail(answer.error_code ?? status, description.replaceAll(token, "…")) };
}

function toDetail(code: unknown, description: string): string {
  // Plain words only, as Telegram's are, and no address that could hold the token in another spelling.
  const words = /^[\w ,.:;'()"-]{1,200}$/.test(description) ? `: ${description}` : "";
  return `telegram answered ${String(code).slice(0, 10)}${words}`;
}

// The answer repeats the message and may be longer than what is kept of it; the id stands before.
function readBeginning(body: string): Readonly<Record<string, unknown>> {
  const [isOk, id] = /^\s*\{\s*"ok"\s*:\s*true\s*,\s*"result"\s*:\s*\{\s*"message_id"\s*:\s*(\d+)/.exec(body) ?? [];
  return isOk === undefined ? {} : { ok: true, result: { message_id: Number(id) } };
}

function toMessageId(result: unknown): string | undefined {
  const id = toObject(result)?.message_id;
  return typeof id === "number" ? String(id) : undefined;
}
