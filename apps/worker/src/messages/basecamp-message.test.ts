import { describe, expect, it } from "@jest/globals";
import { type BasecampOverrides, basecampDocument } from "../../test/support/documents.ts";
import { toBasecampMessage } from "./basecamp-message.ts";
import type { Status } from "./message.ts";

const tell = (overrides: BasecampOverrides = {}) => toBasecampMessage(basecampDocument(overrides), "UTC");

/** The types that Basecamp sends events of, as its kinds spell them and as people call them. */
const types = [
  ["Comment", "comment", "Comment"],
  ["Document", "document", "Document"],
  ["GoogleDocument", "google_document", "Google document"],
  ["Message", "message", "Message"],
  ["Question", "question", "Question"],
  ["Question::Answer", "question_answer", "Answer"],
  ["Schedule::Entry", "schedule_entry", "Event"],
  ["Todo", "todo", "To-do"],
  ["Todolist", "todolist", "To-do list"],
  ["Upload", "upload", "File"],
  ["Client::Approval::Response", "client_approval_response", "Client's response"],
  ["Client::Forward", "client_forward", "Email from a client"],
  ["Client::Reply", "client_reply", "Client's reply"],
  ["CloudFile", "cloud_file", "Linked file"],
  ["Inbox::Forward", "inbox_forward", "Forwarded email"],
  ["Kanban::Card", "kanban_card", "Card"],
  ["Kanban::Step", "kanban_step", "Step"],
  ["Vault", "vault", "Folder"],
] as const;

const actions: readonly (readonly [string, string, Status["tone"]])[] = [
  ["active", "published", "news"],
  ["title_updated", "renamed", "news"],
  ["content_updated", "edited", "news"],
  ["copied", "copied", "news"],
  ["inserted", "added", "news"],
  ["archived", "archived", "news"],
  ["unarchived", "taken out of the archive", "news"],
  ["trashed", "moved to the trash", "warning"],
  ["untrashed", "restored from the trash", "news"],
  ["deleted", "deleted", "bad"],
  ["subscribers_changed", "subscribers changed", "news"],
  ["publicized", "made public", "news"],
  ["completed", "completed", "good"],
  ["uncompleted", "reopened", "news"],
  ["paused", "paused", "news"],
  ["resumed", "resumed", "news"],
];

describe("what happened", () => {
  const table = types.flatMap(([type, prefix, noun]) =>
    actions.map(([action, words, tone]) => [`${prefix}_${action}`, type, `${noun} ${words}`, tone] as const),
  );
  it.each(table)("%s of a %s is told as %s", (kind, type, text, tone) => {
    expect(tell({ event: { kind }, recording: { type } }).status).toEqual({ tone, text });
  });

  it.each([
    ["comment_created", "Comment", "New comment"],
    ["google_document_created", "GoogleDocument", "New Google document"],
    ["message_created", "Message", "New message"],
    ["question_answer_created", "Question::Answer", "New answer"],
    ["schedule_entry_created", "Schedule::Entry", "New event"],
    ["todo_created", "Todo", "New to-do"],
    ["upload_created", "Upload", "New file"],
    ["client_reply_created", "Client::Reply", "New client's reply"],
    ["kanban_card_created", "Kanban::Card", "New card"],
    ["vault_created", "Vault", "New folder"],
    ["MESSAGE_CREATED ", " Message ", "New message"],
    ["gauge_needle_created", "Gauge::Needle", "New gauge needle"],
    ["message_moved_far_away", "Message", "Message moved far away"],
    ["\u202e", "Message", "Message"],
  ])("%s of a %s is told as %s", (kind, type, text) => {
    expect(tell({ event: { kind }, recording: { type } }).status).toEqual({ tone: "news", text });
  });

  it.each([
    ["active", "Message", "news", "Message"],
    ["trashed", "Todo", "warning", "To-do in the trash"],
    ["archived", "Todolist", "news", "To-do list in the archive"],
    ["drafted", "GoogleDocument", "news", "Draft Google document"],
    ["drafted", "Message", "news", "Draft message"],
    ["completed", "Todo", "good", "To-do completed"],
    ["deleted", "Comment", "bad", "Comment deleted"],
    ["some content", "some content", "news", "Some content"],
    ["some content", "\u202e", "news", "Recording"],
  ])("without an event, %s of a %s is told as %s: %s", (status, type, tone, text) => {
    expect(tell({ event: { kind: null }, recording: { status, type } }).status).toEqual({ tone, text });
  });
});

describe("a message of Basecamp", () => {
  it("tells who did what where", () => {
    expect(tell()).toMatchObject({
      title: "Welcome",
      url: "https://3.basecamp.com/195539477/buckets/2085958494/messages/9007199254741434",
      summary: "New message by Matt Donahue in The Leto Laptop: Welcome",
      author: { name: "Matt Donahue", avatarUrl: "https://3.basecamp-static.com/people/matt/avatar-64-x4" },
      facts: [
        { label: "Project", value: "The Leto Laptop" },
        { label: "In", value: "Message Board" },
        { label: "Type", value: "Message" },
      ],
      footer: "Basecamp · 2026-11-21 11:59 UTC",
      at: "2026-11-21T12:00:05.000Z",
      thread: {
        key: "9007199254741430",
        label: "Message Board",
        url: "https://3.basecamp.com/195539477/buckets/2085958494/message_boards/9007199254741430",
      },
    });
  });

  it("is readable when only the recording's nine fields are known", () => {
    const filler = "some content";
    const recording = {
      ...{ status: filler, type: filler, title: filler, content: filler, url: filler, appUrl: filler },
      ...{ parentId: "123123", parentAppUrl: filler, parentTitle: null, project: null },
    };
    const event = { id: null, kind: null, createdAt: null };
    expect(tell({ event, recording, creator: null })).toEqual({
      title: "some content",
      url: undefined,
      summary: "Some content: some content",
      author: undefined,
      status: { tone: "news", text: "Some content" },
      facts: [
        { label: "Type", value: "Some content" },
        { label: "Status", value: "Some content" },
      ],
      body: [],
      sections: [],
      footer: "Basecamp",
      at: "2026-11-21T12:00:05.000Z",
      thread: { key: "123123", label: "some content", url: undefined },
    });
  });

  it("tells the state when it is unusual", () => {
    expect(tell({ recording: { status: "trashed" } }).facts.at(-1)).toEqual({ label: "Status", value: "Trashed" });
  });

  it("does not repeat a title as its body", () => {
    expect(tell({ recording: { title: "Buy milk", content: "<div>Buy milk</div>" } }).body).toEqual([]);
    expect(tell({ recording: { title: "Buy milk", content: "Buy <b>milk</b>" } }).body).toHaveLength(1);
    expect(tell({ recording: { title: "Buy milk", content: "<p>Buy milk</p><p>Now</p>" } }).body).toHaveLength(2);
  });

  it("never shows an empty title or name, and no address that is none", () => {
    const message = tell({
      recording: { title: "\u202e\n", appUrl: "javascript:alert(1)" },
      creator: { name: "\u0000", avatarUrl: "/avatar" },
      event: { createdAt: "yesterday" },
    });
    expect(message).toMatchObject({
      title: "Untitled",
      url: undefined,
      summary: "New message by somebody in The Leto Laptop: Untitled",
      author: { name: "Somebody", avatarUrl: undefined },
      footer: "Basecamp",
    });
  });
});
