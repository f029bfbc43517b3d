import { type ChatSimulator, startChatSimulator } from "@hookline/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import * as chat from "../../../test/support/chat.ts";
import type { Target } from "../target.ts";
import { slackKind } from "./slack.ts";

let slack: ChatSimulator;
let webhook: Target;
let bot: Target;

beforeAll(async () => {
  slack = await startChatSimulator({ kind: "slack" });
  webhook = slackKind.create({ kind: "slack", ...slack.target }, chat.context);
  bot = slackKind.create({ kind: "slack", ...slack.botTarget }, chat.context);
});
afterAll(() => slack.stop());
beforeEach(() => slack.reset());

describe("the two ways into Slack", () => {
  const url = "https://hooks.slack.com/services/T/B/secret";
  const [token, channel] = ["xoxb-secret", "C1"];

  it.each([
    [{}],
    [{ token }],
    [{ channel }],
    [{ url, token }],
    [{ url, channel }],
    [{ url, token, channel }],
  ])("are told apart by their options: %j is neither", (options) => {
    const create = () => slackKind.create({ kind: "slack", ...options }, chat.context);
    expect(create).toThrow(/^slack takes url, or token and channel/);
    expect(create).not.toThrow(/secret/);
  });

  it("are a webhook, which has no threads", () => {
    const target = slackKind.create(
      { kind: "slack", url, headers: { "X-Team": "a", "Content-Type": "b" } },
      chat.context,
    );
    expect(target).toMatchObject({ threading: "none", kind: "slack", limits: chat.context.limits });
    const { url: asked, headers, method } = chat.requestOf(target, chat.digest);
    expect([method, asked.href]).toEqual(["POST", url]);
    expect(headers).toEqual({
      "user-agent": "hookline",
      "x-team": "a",
      "content-type": "application/json; charset=utf-8",
    });
  });

  it("are a bot, whose token no configured header replaces", () => {
    const headers = { Authorization: "Basic x" };
    const target = slackKind.create({ kind: "slack", token, channel, headers }, chat.context);
    const request = chat.requestOf(target, chat.digest);
    expect(request.url.href).toBe("https://slack.com/api/chat.postMessage");
    expect(request.headers).toMatchObject({ authorization: `Bearer ${token}` });
    expect(chat.payloadOf(request)).toMatchObject({ channel, unfurl_links: false, unfurl_media: false });
  });
});

describe("a thread of a bot's", () => {
  it("begins with a root, takes replies, and its root shows the latest", async () => {
    const posted = await chat.exchange(chat.requestOf(bot, chat.digest, { role: "root" }));
    const ref = chat.refOf(bot.read(posted));
    await chat.exchange(chat.requestOf(bot, chat.note, { role: "reply", ref }));
    const request = bot.toRootUpdate?.(chat.outgoingOf(chat.digest), chat.outgoingOf(chat.note), ref);
    if (request === undefined) throw new Error("a bot can update its root");
    expect(bot.read(await chat.exchange(request))).toEqual({ kind: "delivered", threadRef: ref });
    expect(slack.threads.get(ref)?.map(({ isRoot }) => isRoot)).toEqual([true, false]);
    const text = slack.updates[0]?.texts.join("\n");
    for (const shown of ["Latest:* Welcome", "🟢 posted", "octocat/hello-world", "Open issues"])
      expect(text).toContain(shown);
    chat.expectWelcome(slack);
  });

  it("has a root that looks as it did while it is the latest itself", () => {
    const root = chat.outgoingOf(chat.digest);
    const update = bot.toRootUpdate?.(root, root, "1.2");
    const { text, blocks } = chat.payloadOf(chat.requestOf(bot, chat.digest, { role: "root" }));
    expect(update && chat.payloadOf(update)).toEqual({ channel: expect.any(String), ts: "1.2", text, blocks });
  });

  it("is found though the answer repeats a message too long to be kept", async () => {
    const text = "\u{1f642}\u0001".repeat(4000);
    const long = { ...chat.note, body: [{ type: "paragraph" as const, children: [{ type: "text" as const, text }] }] };
    const answer = await chat.exchange(chat.requestOf(bot, long, { role: "root" }));
    expect(answer.isTruncated).toBe(true);
    expect(bot.read(answer)).toEqual({ kind: "delivered", threadRef: slack.messages[0]?.id });
  });
});

describe("Slack's answers", () => {
  it("of a webhook are one word", () => {
    expect(webhook.read(chat.answer(200, "ok"))).toEqual({ kind: "delivered" });
    expect(webhook.read(chat.answer(404, "no_service"))).toEqual({
      kind: "refused",
      detail: "slack answered no_service",
    });
    expect(webhook.read(chat.answer(410, "channel_is_archived"))).toMatchObject({ kind: "gone" });
    expect(webhook.read(chat.answer(200, "<html>secret</html>"))).toEqual({
      kind: "refused",
      detail: "the answer is not Slack's",
    });
    for (const status of [302, 404, 429, 503]) expect(webhook.read(chat.answer(status, "<html>"))).toBeUndefined();
  });

  it("of the Web API are told inside of a 200", () => {
    const refused = (error: string) => bot.read(chat.answer(200, { ok: false, error }));
    for (const error of ["invalid_auth", "channel_not_found", "is_archived", "account_inactive"]) {
      expect(refused(error)).toEqual({ kind: "refused", detail: `slack answered ${error}` });
    }
    expect(refused("Bearer xoxb-1 <b>")).toEqual({ kind: "refused", detail: "the answer is not Slack's" });
    for (const body of ["", "ok", "null", "[1]", "<html>"]) {
      expect(bot.read(chat.answer(200, body))).toMatchObject({ kind: "refused" });
      expect(bot.read(chat.answer(500, body))).toBeUndefined();
    }
  });

  it("say how long to wait", async () => {
    const headers = { "retry-after": "7" };
    expect(bot.read(chat.answer(200, { ok: false, error: "ratelimited" }, { headers }))).toEqual({
      kind: "retry_later",
      waitMs: 7000,
    });
    expect(webhook.read(chat.answer(429, "rate_limited"))).toEqual({ kind: "retry_later", waitMs: 60_000 });
    slack.fault({ rateLimitedSeconds: 3, times: 2 });
    for (const target of [webhook, bot]) {
      const answer = await chat.exchange(chat.requestOf(target, chat.digest));
      expect(target.read(answer)).toEqual({ kind: "retry_later", waitMs: 3000 });
    }
  });
});

describe("whatever strangers write", () => {
  it("is taken, for any text, also in a root's update", async () => {
    await fc.assert(
      fc.asyncProperty(chat.anyMessage, chat.anyMessage, async (message, latest) => {
        const readings = await chat.postAndUpdate(bot, message, latest);
        expect(readings).toMatchObject([{ kind: "delivered" }, { kind: "delivered" }]);
      }),
      { numRuns: 60 },
    );
    chat.expectWelcome(slack);
  });
});
