import { json, refuse } from "../answers.ts";
import type { ChatAnswer, Outcome } from "../service.ts";
import { withoutCode } from "../text/without-code.ts";
import type { ChatPing, ChatTruncation } from "../types.ts";

// zulip.com/api, "Send a message", counted in code points.
const MAX_CONTENT = 10_000;
const MAX_TOPIC = 60;
// What may stand before a mention is in zulip.com/help, "Mention a user or group": white space and opening marks.
const MENTION = /(?<![^\s'"({[/<])@(?:\*\*[^*]+\*\*|\*[^*]+\*)/g;

export interface Content {
  topic: string;
  content: string;
  truncated: ChatTruncation[];
}

/** Topic and content as Zulip keeps them: trimmed, and cut without a word. */
export function toKept(topic: string, content: string): Content {
  const parts = [
    { what: "content", length: [...content].length, max: MAX_CONTENT },
    { what: "topic", length: [...topic].length, max: MAX_TOPIC },
  ];
  return {
    topic: cut(topic, MAX_TOPIC, "..."),
    content: cut(content, MAX_CONTENT, "\n[message truncated]"),
    truncated: parts.filter(({ length, max }) => length > max).map(({ what, length }) => ({ what, length })),
  };
}

function cut(text: string, max: number, ending: string): string {
  const points = [...text];
  return points.length <= max ? text : `${points.slice(0, max - ending.length).join("")}${ending}`;
}

/** Why Zulip would refuse a topic or content; `undefined` for one that is not sent. */
export function findFault(topic: string | undefined, content: string | undefined): string | undefined {
  if (content !== undefined && content.trim() === "") return "Message must not be empty";
  if (content?.includes("\0")) return "Message must not contain null bytes";
  const position = [...(topic ?? "")].findIndex((point) => /[\p{Cc}\p{Cs}\p{Cn}]/u.test(point));
  return position < 0 ? undefined : `Invalid character in topic, at position ${position + 1}!`;
}

/** Mentions outside of code; silent ones (`@_**name**`) notify nobody. */
export function findPings(content: string): ChatPing[] {
  return [...withoutCode(content).matchAll(MENTION)].map(([text]) => ({ text, where: "content" }));
}

export interface ZulipError {
  msg: string;
  code?: string;
  status?: number;
  headers?: Record<string, string>;
  more?: Record<string, unknown>;
}

export function toError({ msg, code = "BAD_REQUEST", status = 400, headers = {}, more }: ZulipError): ChatAnswer {
  return json(status, { result: "error", msg, code, ...more }, headers);
}

export function fail(error: ZulipError): Outcome {
  return refuse(error.msg, toError(error));
}
