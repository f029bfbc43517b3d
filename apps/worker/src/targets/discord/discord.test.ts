import { type ChatSimulator, startChatSimulator } from "@hookline/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import * as chat from "../../../test/support/chat.ts";
import type { Target } from "../target.ts";
import { discordKind } from "./discord.ts";

let channel: ChatSimulator;
let forum: ChatSimulator;
let toChannel: Target;
let toForum: Target;

beforeAll(async () => {
  channel = await startChatSimulator({ kind: "discord" });
  forum = await startChatSimulator({ kind: "discord", isForum: true });
  toChannel = discordKind.create({ kind: "discord", url: String(channel.target.url) }, chat.context);
  toForum = discordKind.create({ kind: "discord", url: String(forum.target.url), forum: true }, chat.context);
});
afterAll(() => Promise.all([channel.stop(), forum.stop()]));
beforeEach(() => {
  channel.reset();
  forum.reset();
});

describe("a Discord webhook", () => {
  const url = "https://discord.com/api/webhooks/1/secret?with_components=true";

  it("keeps its query and waits for the message", () => {
    const target = discordKind.create({ kind: "discord", url, threadId: "77" }, chat.context);
    const request = chat.requestOf(target, chat.digest);
    expect(target.threading).toBe("none");
    expect(request.url.href).toBe(`${url}&wait=true&thread_id=77`);
    expect(request.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(chat.payloadOf(request)).toMatchObject({ allowed_mentions: { parse: [] } });
  });

  it("posts into a thread that is there", async () => {
    const options = {
      kind: "discord" as const,
      url: String(channel.target.url),
      threadId: channel.existingThread ?? "",
    };
    const target = discordKind.create(options, chat.context);
    await chat.exchange(chat.requestOf(target, chat.digest));
    expect(channel.messages[0]?.thread).toBe(channel.existingThread);
    chat.expectWelcome(channel);
  });

  it("is either in a thread or of a forum", () => {
    const create = () => discordKind.create({ kind: "discord", url, threadId: "77", forum: true }, chat.context);
    expect(create).toThrow("discord takes threadId or forum, not both");
  });
});

describe("a forum", () => {
  it("has a post for each thread, whose first message shows the latest", async () => {
    const posted = await chat.exchange(chat.requestOf(toForum, chat.digest, { role: "root" }));
    const ref = chat.refOf(toForum.read(posted));
    await chat.exchange(chat.requestOf(toForum, chat.note, { role: "reply", ref }));
    const update = toForum.toRootUpdate?.(chat.outgoingOf(chat.digest), chat.outgoingOf(chat.note), ref);
    if (update === undefined) throw new Error("a forum can update its root");
    expect(update.method).toBe("PATCH");
    expect(toForum.read(await chat.exchange(update))).toMatchObject({ kind: "delivered" });
    expect(forum.threads.get(ref)?.map(({ isRoot }) => isRoot)).toEqual([true, false]);
    const text = forum.updates[0]?.texts.join("\n");
    for (const shown of ["**Latest:** [Welcome]", "posted", "octocat/hello"]) expect(text).toContain(shown);
    chat.expectWelcome(forum);
  });

  it("names a post after its thread, and what has none after its title", () => {
    const named = { ...chat.note, thread: { key: "k", label: ` the\n"day" ${"🙂".repeat(100)}`, url: undefined } };
    const root = chat.payloadOf(chat.requestOf(toForum, named, { role: "root" }));
    expect(root.thread_name).toMatch(/^the "day" (🙂)+… 2026-11-21$/u);
    expect(String(root.thread_name).length).toBeLessThanOrEqual(100);
    expect(chat.payloadOf(chat.requestOf(toForum, named)).thread_name).toBe("Welcome");
    expect(chat.payloadOf(chat.requestOf(toForum, { ...named, title: "" })).thread_name).toBe("(untitled)");
  });

  it("has a root that looks as it did while it is the latest itself", () => {
    const root = chat.outgoingOf(chat.digest);
    const update = toForum.toRootUpdate?.(root, root, "1");
    const { thread_name, ...before } = chat.payloadOf(chat.requestOf(toForum, chat.digest, { role: "root" }));
    expect(update && chat.payloadOf(update)).toEqual(before);
  });
});

describe("Discord's answers", () => {
  const read = (...args: Parameters<typeof chat.answer>) => toForum.read(chat.answer(...args));

  it("tell the thread by the channel of its first message", () => {
    expect(read(200, { id: "1", channel_id: "2" })).toEqual({ kind: "delivered", threadRef: "2" });
    expect(read(200, '{"channel_id": "2", "embeds": [{"title": "cu', { isTruncated: true })).toMatchObject({
      threadRef: "2",
    });
    expect(toChannel.read(chat.answer(204, ""))).toEqual({ kind: "delivered" });
  });

  it("tell the time to wait in seconds with a fraction", () => {
    expect(read(429, { message: "You are being rate limited.", retry_after: 0.6423 })).toEqual({
      kind: "retry_later",
      waitMs: 643,
    });
    for (const body of ["<html>", { retry_after: "1" }, { retry_after: -1 }]) expect(read(429, body)).toBeUndefined();
  });

  it("tell that the webhook is no more", async () => {
    channel.fault({ gone: true, times: 1 });
    const answer = await chat.exchange(chat.requestOf(toChannel, chat.digest));
    expect(toChannel.read(answer)).toEqual({ kind: "gone", detail: "discord answered Unknown Webhook" });
    expect(read(404, { code: 10_003, message: "Unknown Channel" })).toMatchObject({ kind: "refused" });
    expect(read(404, "not found")).toBeUndefined();
  });

  it("tell what is wrong, and no text of the message", () => {
    const errors = { embeds: { 0: { title: { _errors: [{ code: "x", message: "secret" }] } } } };
    expect(read(400, { code: 50_035, message: "Invalid Form Body", errors })).toEqual({
      kind: "refused",
      detail: "discord answered 400 with code 50035 at embeds.0.title",
    });
    for (const body of ["", "null", "[]", '"x"', "{"]) expect(read(400, body)).toBeUndefined();
  });
});

describe("whatever strangers write", () => {
  it("is taken, for any text, also in a root's update", async () => {
    await fc.assert(
      fc.asyncProperty(chat.anyMessage, chat.anyMessage, async (message, latest) => {
        const readings = await chat.postAndUpdate(toForum, message, latest);
        expect(readings).toMatchObject([{ kind: "delivered" }, { kind: "delivered" }]);
      }),
      { numRuns: 60 },
    );
    chat.expectWelcome(forum);
  });
});
