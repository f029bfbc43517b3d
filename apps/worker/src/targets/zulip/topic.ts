import { createHash } from "node:crypto";
import type { Outgoing } from "../target.ts";
import { measure, shorten, toLine } from "../text.ts";

// zulip.com/api/send-message, in code points: longer topics are cut, and those that begin alike would merge.
const MAX_TOPIC = 60;

/**
 * The topic of a message's day, which no other thread has: `Message Board 2026-11-21 #1f3a`, without the mark where the
 * label says the whole key; none without a thread.
 */
export function toTopic({ message: { thread }, day }: Outgoing): string | undefined {
  if (thread === undefined || day === undefined) return undefined;
  const plain = `${toTopicText(thread.label)} ${day}`;
  if (thread.label.toLowerCase() === thread.key && measure(plain, "codePoints") <= MAX_TOPIC) return plain;
  const mark = createHash("sha256").update(thread.key).digest("hex").slice(0, 4);
  const ending = `${day} #${mark}`;
  const label = shorten(toTopicText(thread.label), MAX_TOPIC - measure(ending, "codePoints") - 1);
  return `${label} ${ending}`.trim();
}

/** A text as it may stand in a topic: no control characters, half surrogates or code points that nobody assigned. */
export function toTopicText(text: string): string {
  return toLine(text.replaceAll(/[\p{Cs}\p{Cn}]/gu, ""));
}
