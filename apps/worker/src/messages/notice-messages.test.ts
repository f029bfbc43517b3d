import { describe, expect, it } from "@jest/globals";
import { targetDisabledDocument, taskExhaustedDocument, testDocument } from "../../test/support/documents.ts";
import type { Message } from "./message.ts";
import { toTargetDisabledMessage, toTaskExhaustedMessage, toTestMessage } from "./notice-messages.ts";

/** The body's paragraphs as plain lines. */
function linesOf({ body }: Message): string[] {
  return body.map((block) =>
    block.type === "paragraph" ? block.children.map((child) => ("text" in child ? child.text : "")).join("") : "",
  );
}

it("a test says that it is one, and that the target works", () => {
  expect(toTestMessage(testDocument(), "Europe/Berlin")).toMatchObject({
    title: "This is a test",
    summary: "This is a test: team works",
    status: { tone: "good" },
    facts: [
      { label: "Target", value: "team" },
      { label: "Sent", value: "2026-11-21 13:00 GMT+1" },
      { label: "Task", value: "0193510b7f3a7c60" },
    ],
    thread: undefined,
  });
});

it("a disabled target's notice says why and what to do", () => {
  const message = toTargetDisabledMessage(targetDisabledDocument({ target: "my team" }), "UTC");
  expect(message).toMatchObject({
    title: "my team is disabled",
    summary: "my team is disabled: the target answered 410 Gone",
    status: { tone: "bad", text: "Target disabled" },
    facts: [
      { label: "Target", value: "my team" },
      { label: "Kind", value: "slack" },
      { label: "Reason", value: "The target answered 410 Gone" },
      { label: "Since", value: "2026-11-21 12:00 UTC" },
    ],
  });
  expect(linesOf(message)).toEqual([
    "Nothing more is sent to it. What is meant for it is kept and waits.",
    "When it works again: POST /targets/my%20team/enable",
  ]);
});

describe("a notice of a failure", () => {
  it("tells the delivery, the error, how to repeat it, and how many failed besides", () => {
    const message = toTaskExhaustedMessage(taskExhaustedDocument(), "UTC");
    expect(message).toMatchObject({
      title: "A delivery to team has failed",
      summary: "A delivery to team has failed after 4 attempts: the target answered 503: upstream connect error",
      status: { tone: "bad", text: "8 failed" },
      facts: [
        { label: "Target", value: "team" },
        { label: "Error", value: "target_unavailable" },
        { label: "Attempts", value: "4" },
        { label: "Task", value: "0193510b7f3a7c5e" },
        { label: "Delivery", value: "0193510b7f3a7c5e-team" },
        { label: "Failed too", value: "7" },
      ],
    });
    expect(linesOf(message)).toEqual([
      "The target answered 503: upstream connect error",
      "To try again: POST /deliveries/0193510b7f3a7c5e-team/redeliver",
      '7 more deliveries to it failed since the last such message. To send all of them again: POST /deliveries/redeliver {"target":"team","status":"failed"}',
    ]);
  });

  it("tells the task when it failed before there was a delivery", () => {
    const document = taskExhaustedDocument({ deliveryId: null, target: null, attempts: 1, alsoFailed: 0 });
    const message = toTaskExhaustedMessage(document, "UTC");
    expect(message.title).toBe("A task has failed");
    expect(message.summary).toContain("after 1 attempt:");
    expect(message.status.text).toBe("Failed");
    expect(message.facts.map(({ label }) => label)).toEqual(["Error", "Attempts", "Task"]);
    expect(linesOf(message)).toEqual([
      "The target answered 503: upstream connect error",
      "To try again: POST /tasks/0193510b7f3a7c5e/retry",
    ]);
  });

  it("tells the code when the error has no message", () => {
    const document = taskExhaustedDocument({ error: { code: "message_lost", message: "\u0000" } });
    expect(toTaskExhaustedMessage(document, "UTC").summary).toMatch(/: message_lost$/);
  });
});
