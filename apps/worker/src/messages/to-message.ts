import type { Document } from "@hookline/contracts";
import { toBasecampMessage, toBasecampThreadKey } from "./basecamp-message.ts";
import { toDigestMessage, toDigestThreadKey } from "./digest-message.ts";
import type { Message } from "./message.ts";
import { toTargetDisabledMessage, toTaskExhaustedMessage, toTestMessage } from "./notice-messages.ts";

export interface MessageOptions {
  /** An IANA time zone: times are told in it. */
  readonly timeZone: string;
}

/** Tells a document to people, whatever the target: every text is clean, every address absolute http(s). Pure. */
export function toMessage(document: Document, { timeZone }: MessageOptions): Message {
  switch (document.type) {
    case "repository.digest":
      return toDigestMessage(document, timeZone);
    case "basecamp.recording":
      return toBasecampMessage(document, timeZone);
    case "target.test":
      return toTestMessage(document, timeZone);
    case "target.disabled":
      return toTargetDisabledMessage(document, timeZone);
    case "task.exhausted":
      return toTaskExhaustedMessage(document, timeZone);
  }
}

/** The key of the message's thread, without making the message. */
export function toThread(document: Document): { readonly key: string } | undefined {
  switch (document.type) {
    case "repository.digest":
      return { key: toDigestThreadKey(document) };
    case "basecamp.recording":
      return { key: toBasecampThreadKey(document) };
    case "target.test":
    case "target.disabled":
    case "task.exhausted":
      return undefined;
  }
}
