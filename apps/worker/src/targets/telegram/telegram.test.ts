import { type ChatSimulator, startChatSimulator } from "@hookline/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import * as chat from "../../../test/support/chat.ts";
import type { Target } from "../target.ts";
import { telegramKind } from "./telegram.ts";

const TOKEN = "123:secret-token";
let telegram: ChatSimulator;
let target: Target;

function create(options: { messageThreadId?: number } = {}): Target {
  const { apiUrl, token = "", chatId = "" } = telegram.target;
  return telegramKind.create({ kind: "telegram", token, chatId, ...(apiUrl && { apiUrl }), ...options }, chat.context);
}

beforeAll(async () => {
  telegram = await startChatSimulator({ kind: "telegram" });
  target = create();
});
afterAll(() => telegram.stop());
beforeEach(() => telegram.reset());

describe("a message to Telegram", () => {
  it("is posted as HTML and without previews", () => {
    const bot = telegramKind.create({ kind: "telegram", token: TOKEN, chatId: -100 }, chat.context);
    const request = chat.requestOf(bot, chat.digest);
    expect(request.url.href).toBe(`https://api.telegram.org/bot${TOKEN}/sendMessage`);
    expect(request.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(chat.payloadOf(request)).toEqual({
      chat_id: -100,
      parse_mode: "HTML",
      link_preview_options: { is_disabled: true },
      text: expect.any(String),
    });
  });

  it("goes to the topic that is configured", async () => {
    const topic = create({ messageThreadId: Number(telegram.existingThread) });
    expect(topic.read(await chat.exchange(chat.requestOf(topic, chat.digest)))).toMatchObject({ kind: "delivered" });
    expect(telegram.messages[0]?.thread).toBe(telegram.existingThread);
  });
});

describe("a thread", () => {
  it("begins with a message, is answers to it, and its root shows the latest", async () => {
    const ref = chat.refOf(target.read(await chat.exchange(chat.requestOf(target, chat.digest, { role: "root" }))));
    await chat.exchange(chat.requestOf(target, chat.note, { role: "reply", ref }));
    const update = target.toRootUpdate?.(chat.outgoingOf(chat.digest), chat.outgoingOf(chat.note), ref);
    if (update === undefined) throw new Error("a bot can edit its message");
    expect(target.read(await chat.exchange(update))).toEqual({ kind: "delivered", threadRef: ref });
    expect(telegram.threads.get(ref)?.map(({ isRoot }) => isRoot)).toEqual([true, false]);
    const text = telegram.updates[0]?.texts.join("\n");
    for (const shown of ["Latest: Welcome\n🟢 posted", "octocat/hello-world", "Open issues"])
      expect(text).toContain(shown);
    chat.expectWelcome(telegram);
  });

  it("goes on when its root was deleted", async () => {
    const request = chat.requestOf(target, chat.note, { role: "reply", ref: "4711" });
    expect(target.read(await chat.exchange(request))).toMatchObject({ kind: "delivered" });
  });

  it("whose root shows the latest already is no failure", async () => {
    const readings = await chat.postAndUpdate(target, chat.digest, chat.digest);
    expect(readings).toEqual([{ kind: "delivered", threadRef: expect.any(String) }, { kind: "delivered" }]);
    expect(telegram.refused).toHaveLength(1);
  });
});

describe("Telegram's answers", () => {
  const bot = telegramKind.create({ kind: "telegram", token: TOKEN, chatId: "@team" }, chat.context);
  const read = (...args: Parameters<typeof chat.answer>) => bot.read(chat.answer(...args));

  it("tell what is wrong, and never the token", () => {
    expect(
      read(403, { ok: false, error_code: 403, description: "Forbidden: bot was kicked from the group chat" }),
    ).toEqual({
      kind: "refused",
      detail: "telegram answered 403: Forbidden: bot was kicked from the group chat",
    });
    const spellings = [TOKEN, encodeURIComponent(TOKEN), `/bot${TOKEN}/sendMessage`];
    for (const spelling of spellings) {
      const reading = read(404, { ok: false, error_code: 404, description: `Not Found: ${spelling}` });
      expect(JSON.stringify(reading)).not.toContain("secret-token");
    }
  });

  it("tell how long to wait", async () => {
    telegram.fault({ rateLimitedSeconds: 3, times: 1 });
    expect(target.read(await chat.exchange(chat.requestOf(target, chat.digest)))).toEqual({
      kind: "retry_later",
      waitMs: 3000,
    });
    expect(read(429, { ok: false, error_code: 429 })).toBeUndefined();
  });

  it("are read though they repeat a message too long to be kept", () => {
    const body = '{"ok":true,"result":{"message_id":77,"text":"cut';
    expect(read(200, body, { isTruncated: true })).toEqual({ kind: "delivered", threadRef: "77" });
  });

  it("that are somebody else's are a refusal or left to their status", () => {
    for (const body of ["", "ok", "null", "[]", "<html>", "{"]) {
      expect(read(200, body)).toEqual({ kind: "refused", detail: "the answer is not Telegram's" });
      expect(read(502, body)).toBeUndefined();
    }
  });
});

describe("whatever strangers write", () => {
  it("is taken, for any text, also in a root's update", async () => {
    await fc.assert(
      fc.asyncProperty(chat.anyMessage, chat.anyMessage, async (message, latest) => {
        const readings = await chat.postAndUpdate(target, message, latest);
        expect(readings).toMatchObject([{ kind: "delivered" }, { kind: "delivered" }]);
      }),
      { numRuns: 60 },
    );
    chat.expectWelcome(telegram);
  });
});
