import type { TargetDisabledDocument, TaskExhaustedDocument, TestDocument } from "@hookline/contracts";
import { toLine } from "../targets/text.ts";
import { toMinute } from "./day.ts";
import type { Fact, Message } from "./message.ts";
import type { Block, Inline } from "./rich-text.ts";
import { toCapitalised, toCount, toNumber, toTextOr } from "./wording.ts";

/** Tells that a target works. */
export function toTestMessage({ id, target, timestamp }: TestDocument, timeZone: string): Message {
  const name = toLine(target);
  return {
    ...notice(timestamp, timeZone),
    title: "This is a test",
    summary: `This is a test: ${name} works`,
    status: { tone: "good", text: "It works" },
    facts: [
      { label: "Target", value: name },
      { label: "Sent", value: toMinute(timestamp, timeZone) },
      { label: "Task", value: toLine(id) },
    ],
    body: [paragraph(text("Whoever reads this will read the real messages too. There is nothing to do."))],
  };
}

/** Tells the operator that a target gets nothing until somebody says so. */
export function toTargetDisabledMessage(document: TargetDisabledDocument, timeZone: string): Message {
  const { target, kind, reason, timestamp } = document;
  const name = toLine(target);
  return {
    ...notice(timestamp, timeZone),
    title: `${name} is disabled`,
    summary: `${name} is disabled: ${toTextOr(reason, "unknown reason")}`,
    status: { tone: "bad", text: "Target disabled" },
    facts: [
      { label: "Target", value: name },
      { label: "Kind", value: toLine(kind) },
      { label: "Reason", value: toCapitalised(toTextOr(reason, "unknown")) },
      { label: "Since", value: toMinute(timestamp, timeZone) },
    ],
    body: [
      paragraph(text("Nothing more is sent to it. What is meant for it is kept and waits.")),
      paragraph(text("When it works again: "), code(`POST /targets/${toSegment(target)}/enable`)),
    ],
  };
}

/** Tells the operator that a task, or its delivery to one target, was given up. */
export function toTaskExhaustedMessage(document: TaskExhaustedDocument, timeZone: string): Message {
  const { target, attempts, error, timestamp, alsoFailed } = document;
  const title = target === null ? "A task has failed" : `A delivery to ${toLine(target)} has failed`;
  const reason = toTextOr(error.message, toTextOr(error.code, "unknown error"));
  return {
    ...notice(timestamp, timeZone),
    title,
    summary: `${title} after ${toCount(attempts, "attempt")}: ${reason}`,
    status: { tone: "bad", text: alsoFailed > 0 ? `${toNumber(alsoFailed + 1)} failed` : "Failed" },
    facts: toExhaustedFacts(document),
    body: toExhaustedBody(document, reason),
  };
}

function toExhaustedFacts({ taskId, deliveryId, target, attempts, error, alsoFailed }: TaskExhaustedDocument): Fact[] {
  return [
    ...(target === null ? [] : [{ label: "Target", value: toLine(target) }]),
    { label: "Error", value: toTextOr(error.code, "unknown") },
    { label: "Attempts", value: toNumber(attempts) },
    { label: "Task", value: toLine(taskId) },
    ...(deliveryId === null ? [] : [{ label: "Delivery", value: toLine(deliveryId) }]),
    ...(alsoFailed > 0 ? [{ label: "Failed too", value: toNumber(alsoFailed) }] : []),
  ];
}

function toExhaustedBody(document: TaskExhaustedDocument, reason: string): Block[] {
  const { taskId, deliveryId } = document;
  const again =
    deliveryId === null
      ? `POST /tasks/${toSegment(taskId)}/retry`
      : `POST /deliveries/${toSegment(deliveryId)}/redeliver`;
  return [
    paragraph(text(toCapitalised(reason))),
    paragraph(text("To try again: "), code(again)),
    ...toOthers(document),
  ];
}

function toOthers({ target, alsoFailed }: TaskExhaustedDocument): Block[] {
  if (alsoFailed === 0 || target === null) return [];
  const others = toCount(alsoFailed, "more delivery", "more deliveries");
  const filter = JSON.stringify({ target: toLine(target), status: "failed" });
  return [
    paragraph(
      text(`${others} to it failed since the last such message. To send all of them again: `),
      code(`POST /deliveries/redeliver ${filter}`),
    ),
  ];
}

type Common = Pick<Message, "url" | "author" | "sections" | "footer" | "at" | "thread">;

function notice(timestamp: string, timeZone: string): Common {
  const footer = `Hookline · ${toMinute(timestamp, timeZone)}`;
  return { url: undefined, author: undefined, sections: [], footer, at: timestamp, thread: undefined };
}

function toSegment(name: string): string {
  return encodeURIComponent(toLine(name));
}

function paragraph(...children: Inline[]): Block {
  return { type: "paragraph", children };
}

function text(plain: string): Inline {
  return { type: "text", text: plain };
}

function code(plain: string): Inline {
  return { type: "code", text: plain };
}
