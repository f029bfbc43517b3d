import { parseObject, toObject } from "../json.ts";
import type { Answer, Reading } from "../target.ts";

/** "Unknown Webhook": whoever goes on posting to it is shut out (discord.com/developers/docs, "Rate Limits"). */
const UNKNOWN_WEBHOOK = 10_015;

/** What Discord says; `isForum` when the answer to a root tells the thread, by the channel of the message. */
export function readDiscordAnswer({ status, body }: Answer, isForum: boolean): Reading | undefined {
  const answer = parseObject(body);
  if (status >= 200 && status < 300)
    return { kind: "delivered", ...(isForum && { threadRef: toThread(answer, body) }) };
  if (status === 429) return toRateLimit(answer?.retry_after);
  const { code } = answer ?? {};
  if (status === 404 && code === UNKNOWN_WEBHOOK) return { kind: "gone", detail: "discord answered Unknown Webhook" };
  if (typeof code !== "number" || status >= 500) return undefined;
  return { kind: "refused", detail: `discord answered ${status} with code ${code}${toReason(answer)}` };
}

function toThread(answer: Readonly<Record<string, unknown>> | undefined, body: string): string | undefined {
  const id = answer?.channel_id ?? /"channel_id"\s*:\s*"(\d+)"/.exec(body)?.[1];
  return typeof id === "string" ? id : undefined;
}

/** `retry_after` is in seconds with a fraction; the header is rounded. */
function toRateLimit(seconds: unknown): Reading | undefined {
  if (typeof seconds !== "number" || !(seconds >= 0)) return undefined;
  return { kind: "retry_later", waitMs: Math.ceil(seconds * 1000) };
}

/** Where the form is wrong, by its members' names: `embeds.0.title`. */
function toReason(answer: Readonly<Record<string, unknown>> | undefined): string {
  const path = toPath(answer?.errors).join(".");
  return /^[\w.]{1,100}$/.test(path) ? ` at ${path}` : "";
}

function toPath(errors: unknown, depth = 0): string[] {
  const [first] = Object.entries(toObject(errors) ?? {}).filter(([name]) => name !== "_errors");
  return first === undefined || depth > 8 ? [] : [first[0], ...toPath(first[1], depth + 1)];
}
