import { problemTypes, SendPayloadSchema } from "@hookline/contracts";
import { createValidator } from "@hookline/runtime";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { nestedPayload } from "../../test/support/basecamp.ts";
import { sources } from "./registry.ts";
import type { Received, Source } from "./source.ts";

/** One request of each source that it accepts. */
const EXAMPLES = { basecamp: nestedPayload() } satisfies Record<keyof typeof sources, string>;
const INBOX = "leto";
const validate = createValidator(SendPayloadSchema);

const bytes = (text: string) => new TextEncoder().encode(text);
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

function expectSettled(received: Received): void {
  if (received.kind !== "rejected") return;
  expect(problemTypes[received.problem].status).toBeLessThan(500);
  expect(received.detail).not.toBe("");
}

describe.each(Object.entries<Source>(sources))("source %s", (key, source) => {
  const example = EXAMPLES[key as keyof typeof EXAMPLES];
  const receive = (body: Uint8Array) => source.receive({ inbox: INBOX, body });

  it("is listed under its name", () => {
    expect(source.name).toBe(key);
  });

  it("accepts its example, answers in JSON and makes a document that a task can carry", () => {
    const received = receive(bytes(example));
    if (received.kind !== "accepted") throw new Error(`it was ${received.kind}`);
    expect(() => JSON.parse(received.answer)).not.toThrow();
    expect(received.event.threadKey).not.toBe("");
    expect(received.event.document.inbox).toBe(INBOX);
    const document = { ...received.event.document, id: "t0", timestamp: "2026-01-01T00:00:00.000Z" };
    expect(validate({ document, targets: ["team"] })).toMatchObject({ isValid: true });
  });

  it("makes the same of the same request, and leaves it as it was", () => {
    const body = bytes(example);
    const first = receive(body);
    expect(receive(body)).toEqual(first);
    expect(body).toEqual(bytes(example));
  });

  it.each([
    "",
    " ",
    "null",
    "42",
    '"text"',
    "[]",
    "{}",
    "{",
    "\u0000",
    nested(50),
    nested(200_000),
    '{"a":'.repeat(100_000),
  ])("rejects a body that says nothing: %.20s", (text) => {
    const received = receive(bytes(text));
    expect(received.kind).toBe("rejected");
    expectSettled(received);
  });

  it("has an outcome for any bytes at all, and for any JSON", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(bytes)), (body) => expectSettled(receive(body))),
      { numRuns: 300 },
    );
  });

  it("has an outcome for its example with any one byte changed", () => {
    const body = bytes(example);
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.nat(255), (at, byte) => {
        const changed = Uint8Array.from(body);
        changed[at] = byte;
        expectSettled(receive(changed));
      }),
      { numRuns: 300 },
    );
  });

  it("is not led astray by the names of every object's members", () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      expect(receive(bytes(`{"${name}":${example}}`)).kind).toBe("rejected");
    }
    expect(Object.hasOwn(Object.prototype, "recording")).toBe(false);
  });
});
