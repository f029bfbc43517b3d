import { describe, expect, it } from "@jest/globals";
import { flatRecording, nestedPayload, PARENT, RECORDING } from "../../../test/support/basecamp.ts";
import type { Received } from "../source.ts";
import { basecamp } from "./receive.ts";

const receiveText = (text: string) => basecamp.receive({ inbox: "leto", body: new TextEncoder().encode(text) });
const receive = (recording: unknown, more: Record<string, unknown> = {}) =>
  receiveText(JSON.stringify({ recording, ...more }));

const accepted = (received: Received) => {
  if (received.kind !== "accepted") throw new Error(`it was ${received.kind}: ${JSON.stringify(received)}`);
  return received;
};
const documentOf = (received: Received) => accepted(received).event.document;
const errorsOf = (received: Received) => (received.kind === "rejected" ? received.errors : undefined);

const BLANK = ["can't be blank"];
const INVALID = ["is invalid"];

describe("a Basecamp recording", () => {
  it("becomes a document with all that is told of it", () => {
    const { event } = accepted(receiveText(nestedPayload({ event: RECORDING })));
    expect(event).toEqual({
      id: RECORDING,
      threadKey: PARENT,
      document: {
        type: "basecamp.recording",
        inbox: "leto",
        event: { id: RECORDING, kind: "message_created", createdAt: "2016-06-08T19:00:41.933Z" },
        recording: {
          id: RECORDING,
          type: "Message",
          status: "active",
          title: "Welcome",
          content: "<div>Glad to have you here.</div>",
          url: "https://3.basecampapi.com/1/buckets/58/messages/22.json",
          appUrl: "https://3.basecamp.com/1/buckets/58/messages/22",
          parentId: PARENT,
          parentAppUrl: "https://3.basecamp.com/1/buckets/58/message_boards/34",
          parentTitle: "Message Board",
          project: "The Leto Laptop",
        },
        creator: { name: "Matt Donahue", avatarUrl: "https://3.basecamp.com/66/avatar" },
      },
    });
  });

  it("is answered with what was read, its id in all its digits", () => {
    expect(accepted(receiveText(nestedPayload())).answer).toContain(`{"data":{"basecamp_id":${RECORDING},"status"`);
    const { answer } = accepted(receive(flatRecording()));
    const { parent_id: _id, parent_app_url: _url, ...told } = flatRecording();
    expect(JSON.parse(answer)).toEqual({ data: told });
  });

  it("may be flat: then nothing is known beside its nine fields", () => {
    expect(documentOf(receive(flatRecording()))).toMatchObject({
      event: { id: null, kind: null, createdAt: null },
      recording: { id: "42", parentId: "123123", parentTitle: null, project: null },
      creator: null,
    });
  });

  it("may have its id as a flat recording too", () => {
    const { basecamp_id, ...rest } = flatRecording();
    expect(documentOf(receive({ ...rest, id: basecamp_id })).recording.id).toBe("42");
  });

  it("is read by its flat fields where they are there, also when they are null", () => {
    const parent = { id: 7, app_url: "https://nested.example/" };
    expect(documentOf(receive(flatRecording({ id: 8, parent }))).recording).toMatchObject({
      id: "42",
      parentId: "123123",
    });
    const nulls = { id: 8, parent, basecamp_id: null, parent_id: null, parent_app_url: null };
    expect(errorsOf(receive(flatRecording(nulls)))).toEqual({
      basecamp_id: BLANK,
      parent_id: BLANK,
      parent_app_url: BLANK,
    });
  });

  it.each([
    ["42", "42"],
    ['"42"', "42"],
    ['"007"', "7"],
    ["-5", "-5"],
    ["9007199254740993", "9007199254740993"],
    ['"9007199254741434"', "9007199254741434"],
  ])("takes the id %s for %s", (id, told) => {
    const text = JSON.stringify({ recording: flatRecording({ basecamp_id: "ID" }) }).replace('"ID"', id);
    const received = receiveText(text);
    expect(documentOf(received).recording.id).toBe(told);
    expect(accepted(received).answer).toContain(`"basecamp_id":${told},`);
  });

  it.each([
    '"42x"',
    "42.0",
    "42.5",
    "4e1",
    '"abc"',
    '" 42"',
    '"0x2a"',
    "true",
    "[]",
    "{}",
    `"${"9".repeat(41)}"`,
  ])("refuses the id %s", (id) => {
    const text = JSON.stringify({ recording: flatRecording({ basecamp_id: "A", parent_id: "A" }) });
    expect(errorsOf(receiveText(text.replaceAll('"A"', id)))).toEqual({ basecamp_id: INVALID, parent_id: INVALID });
  });

  it("tells of all nine fields that are missing at once", () => {
    const fields = Object.keys(flatRecording());
    expect(errorsOf(receive({}))).toEqual(Object.fromEntries(fields.map((field) => [field, BLANK])));
    expect(fields).toHaveLength(9);
  });

  it.each(Object.keys(flatRecording()))("wants %s to say something", (field) => {
    for (const blank of [null, "", "  ", "\t\n\u00a0"]) {
      expect(errorsOf(receive(flatRecording({ [field]: blank })))).toEqual({ [field]: BLANK });
    }
    for (const wrong of [true, [], {}, ["text"], 1.5]) {
      expect(errorsOf(receive(flatRecording({ [field]: wrong })))).toEqual({ [field]: INVALID });
    }
  });

  it("without a parent has no parent's fields, and with one that is no object has wrong ones", () => {
    const { parent_id: _id, parent_app_url: _url, ...rest } = flatRecording();
    for (const parent of [null, undefined, {}]) {
      expect(errorsOf(receive({ ...rest, parent }))).toEqual({ parent_id: BLANK, parent_app_url: BLANK });
    }
    for (const parent of ["x", 4, [], true]) {
      expect(errorsOf(receive({ ...rest, parent }))).toEqual({ parent_id: INVALID, parent_app_url: INVALID });
    }
  });

  it("is told by whoever did it, else by its author, else by nobody", () => {
    const author = { name: "Author", avatar_url: "https://3.basecamp.com/a" };
    const told = (creator: unknown) => documentOf(receive(flatRecording({ creator: author }), { creator })).creator;
    expect(told({ name: "Doer" })).toEqual({ name: "Doer", avatarUrl: null });
    for (const nobody of [undefined, null, "Doer", {}, { name: " " }, { name: 4 }]) {
      expect(told(nobody)).toEqual({ name: "Author", avatarUrl: "https://3.basecamp.com/a" });
    }
    expect(documentOf(receive(flatRecording({ creator: 4 }))).creator).toBeNull();
  });

  it("is told without what is not as expected and not required", () => {
    const odd = { id: "not-a-number", kind: 4, created_at: {}, creator: [] };
    expect(documentOf(receive(flatRecording({ bucket: "x", parent: [] }), odd))).toMatchObject({
      event: { id: null, kind: null, createdAt: null },
      recording: { project: null, parentTitle: null },
      creator: null,
    });
  });

  it.each([
    ["no recording", "{}"],
    ["a recording that is null", '{"recording":null}'],
    ["a recording that is a text", '{"recording":"x"}'],
    ["a recording that is a number", '{"recording":42}'],
    ["a recording that is a list", '{"recording":[]}'],
    ["a list", "[]"],
    ["a number", "42"],
    ["an inherited recording", '{"__proto__":{"recording":{}}}'],
  ])("of a payload with %s is a bad request", (_what, text) => {
    expect(receiveText(text)).toMatchObject({ kind: "rejected", problem: "invalid_request" });
  });

  it("of every kind of event and type is taken", () => {
    for (const kind of ["todo_completed", "message_trashed", "vault_deleted", "something_new"]) {
      expect(documentOf(receive(flatRecording({ type: "New::Type" }), { kind })).event.kind).toBe(kind);
    }
  });
});
