import { type ChatSimulator, startChatSimulator } from "@hookline/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import * as chat from "../../../test/support/chat.ts";
import type { Message, Target, TargetOptionsOf } from "../target.ts";
import { renderZulip } from "./render.ts";
import { toTopic } from "./topic.ts";
import { zulipKind } from "./zulip.ts";

let server: ChatSimulator;
let target: Target;

const optionsOf = ({ url = "", email = "", apiKey = "", stream = "" }: Record<string, string>) =>
  ({ kind: "zulip", url, email, apiKey, stream }) satisfies TargetOptionsOf<"zulip">;

beforeAll(async () => {
  server = await startChatSimulator({ kind: "zulip" });
  target = zulipKind.create(optionsOf(server.target), chat.context);
});
afterAll(() => server.stop());
beforeEach(() => server.reset());

const withLabel = (key: string, label: string): Message => ({ ...chat.digest, thread: { key, label, url: undefined } });
const topicOf = (message: Message) => toTopic(chat.outgoingOf(message)) ?? "";
const post = async (message: Message, place: Parameters<typeof chat.requestOf>[2]) =>
  target.read(await chat.exchange(chat.requestOf(target, message, place)));

describe("a digest in Zulip", () => {
  it("is Markdown", () => {
    const base = "https://github.com/octocat/hello-world";
    expect(renderZulip(chat.digest).split("\n")).toEqual([
      `**[octocat/hello-world](${base})**`,
      "🔵 3 new issues",
      "",
      "**Stars** 1,234 (+5) · **Open issues** 47 (+1) · **Release** v1.2.0",
      "",
      "**New issues**",
      `- [Emoji in labels are cut in half 🙂](${base}/issues/398) · hubot`,
      `- [Support &#96;Retry-After&#96; in &#60;snake_case>](${base}/issues/411)`,
      `- [… and 37 more](${base}/issues?q=is%3Aopen&sort=new)`,
      "",
      "*GitHub, a minute ago*",
    ]);
    expect(renderZulip(chat.note)).toContain("🟢 posted · Matt Donahue\n");
  });

  it("is posted as a form, below the path of the server", () => {
    const options = { ...optionsOf(server.target), url: "https://example.com/chat", email: "a@b.c", apiKey: "kéy" };
    const headers = { Authorization: "Basic x", "X-Extra": "1" };
    const request = chat.requestOf(zulipKind.create({ ...options, headers }, chat.context), chat.digest);
    expect(request.url.href).toBe("https://example.com/chat/api/v1/messages");
    expect(request.headers).toEqual({
      "user-agent": "hookline",
      "x-extra": "1",
      "content-type": "application/x-www-form-urlencoded",
      authorization: `Basic ${Buffer.from("a@b.c:kéy").toString("base64")}`,
    });
    const form = Object.fromEntries(new URLSearchParams(request.body.toString()));
    expect(form).toMatchObject({ type: "stream", to: "general", topic: "hookline" });
  });
});

describe("a topic", () => {
  it("is the thread's label, the day and a mark of the thread's own", () => {
    expect(topicOf(chat.digest)).toBe("octocat/hello-world 2026-11-21");
    expect(target.toThreadRef?.(chat.outgoingOf(chat.digest))).toBe(topicOf(chat.digest));
  });

  it("differs where labels are equal or begin alike", () => {
    const long = "y".repeat(57);
    const topics = ["1", "2"].flatMap((key) => [topicOf(withLabel(key, "Same")), topicOf(withLabel(key, long + key))]);
    expect(new Set(topics).size).toBe(4);
  });

  it("is the same for all of the day, whatever becomes of the label", async () => {
    const ref = target.toThreadRef?.(chat.outgoingOf(chat.digest)) ?? "";
    await post(chat.digest, { role: "root" });
    await post(withLabel("octocat/hello-world", "renamed"), { role: "reply", ref });
    expect(server.threads.get(ref)).toHaveLength(2);
  });

  it("is the configured one outside of threads", async () => {
    await post(chat.digest, { role: "alone" });
    const options = { ...optionsOf(server.target), topic: " a\u0000\nb " };
    await chat.exchange(chat.requestOf(zulipKind.create(options, chat.context), chat.digest));
    expect([...server.threads.keys()]).toEqual(["hookline", "a b"]);
  });

  it("has no more than 60 code points, and none that Zulip refuses", () => {
    const property = fc.property(chat.anyText, (label) => {
      const topic = topicOf(withLabel("key", label));
      expect([...topic].length).toBeLessThanOrEqual(60);
      expect(topic).not.toMatch(/[\p{Cc}\p{Cs}\p{Cn}]/u);
      expect(topic).toBe(topic.trim());
    });
    fc.assert(property, { numRuns: 300 });
  });
});

describe("Zulip's answers", () => {
  it("tell the time to wait in seconds with a fraction", async () => {
    server.fault({ rateLimitedSeconds: 28.7, times: 1 });
    expect(await post(chat.digest, { role: "alone" })).toEqual({ kind: "retry_later", waitMs: 28_700 });
    const limited = { result: "error", code: "RATE_LIMIT_HIT" };
    expect(target.read(chat.answer(429, limited))).toEqual({ kind: "retry_later", waitMs: 60_000 });
    expect(target.read(chat.answer(429, limited, { headers: { "retry-after": "0.5" } }))).toMatchObject({
      waitMs: 500,
    });
  });

  it("tell what is wrong by its code, and whether the bot is no more", async () => {
    server.fault({ gone: true, times: 1 });
    expect(await post(chat.digest, { role: "alone" })).toEqual({
      kind: "gone",
      detail: "zulip answered 401 USER_DEACTIVATED",
    });
    expect(target.read(chat.answer(400, { result: "error", code: "BAD_REQUEST", msg: "secret" }))).toEqual({
      kind: "refused",
      detail: "zulip answered 400 BAD_REQUEST",
    });
    for (const body of ["", "null", "[]", "<html>"]) expect(target.read(chat.answer(502, body))).toBeUndefined();
    expect(target.read(chat.answer(200, "<html>"))).toMatchObject({ kind: "refused" });
  });
});

describe("whatever strangers write", () => {
  it("is taken, for any text", async () => {
    const property = fc.asyncProperty(chat.anyMessage, async (message) => {
      expect(await post(message, { role: "root" })).toEqual({ kind: "delivered" });
    });
    await fc.assert(property, { numRuns: 60 });
    chat.expectWelcome(server);
  });
});
