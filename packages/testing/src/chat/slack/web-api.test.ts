import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { postJson } from "../post-json.ts";
import { startChatSimulator } from "../start.ts";
import type { ChatSimulator } from "../types.ts";

let slack: ChatSimulator;

beforeEach(async () => {
  slack = await startChatSimulator({ kind: "slack", token: "xoxb-one", now: () => 1_700_000_000_500 });
});
afterEach(() => slack.stop());

interface Answer {
  ok: boolean;
  error?: string;
  ts?: string;
  errors?: string[];
  warning?: string;
}

async function call(method: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const { apiUrl = "", token, channel } = slack.botTarget ?? {};
  const authorization = `Bearer ${token}`;
  const options = { headers: { authorization, ...headers } };
  const answer = await postJson(`${apiUrl}/${method}`, { channel, ...body }, options);
  expect(answer.status).toBe(200);
  return answer.json as Answer;
}

test("a post is answered with a ts that always rises", async () => {
  expect(await call("chat.postMessage", { text: "a" })).toMatchObject({
    ok: true,
    ts: "1700000000.000100",
    channel: slack.botTarget?.channel,
    message: { text: "a" },
  });
  expect((await call("chat.postMessage", { text: "b" })).ts).toBe("1700000000.000101");
});

test("answers go to an existing root, which then stands first in its thread", async () => {
  const { ts = "" } = await call("chat.postMessage", { text: "root" });
  const answer = await call("chat.postMessage", { text: "answer", thread_ts: ts });
  expect(slack.threads.get(ts)?.map(({ texts, isRoot }) => [texts[0], isRoot])).toEqual([
    ["root", true],
    ["answer", false],
  ]);
  expect((await call("chat.postMessage", { text: "a", thread_ts: "1.1" })).error).toBe("thread_not_found");
  expect((await call("chat.postMessage", { text: "a", thread_ts: answer.ts })).error).toBe("thread_not_found");
});

test("an update needs a message that is there, and is no new one", async () => {
  const { ts = "" } = await call("chat.postMessage", { text: "a" });
  expect((await call("chat.update", { ts, text: "b <!here>" })).ts).toBe(ts);
  expect((await call("chat.update", { ts: "1.1", text: "b" })).error).toBe("message_not_found");
  expect(slack.messages).toHaveLength(1);
  expect(slack.updates).toMatchObject([{ id: ts, deliveredAs: "update", isRoot: true }]);
  expect(slack.pings).toHaveLength(1);
});

test.each<[string, string, object, Record<string, string>]>([
  ["invalid_auth", "chat.postMessage", { text: "a" }, { authorization: "Bearer xoxb-two" }],
  ["invalid_auth", "chat.postMessage", { text: "a" }, { authorization: "" }],
  ["channel_not_found", "chat.postMessage", { text: "a", channel: "C9" }, {}],
  ["invalid_arguments", "chat.postMessage", { text: "a", channel: "" }, {}],
  ["no_text", "chat.postMessage", {}, {}],
  ["msg_too_long", "chat.postMessage", { text: "x".repeat(40_001) }, {}],
  ["invalid_post_type", "chat.postMessage", { text: "a" }, { "content-type": "text/html" }],
  ["invalid_charset", "chat.postMessage", { text: "a" }, { "content-type": "application/json; charset=utf-16" }],
  ["unknown_method", "chat.shout", { text: "a" }, {}],
])("%s is told inside a 200", async (error, method, body, headers) => {
  expect(await call(method, body, headers)).toMatchObject({ ok: false, error });
  expect(slack.refused).toMatchObject([{ status: 200, error }]);
  expect(slack.messages).toEqual([]);
});

test("without a token nobody is authed", async () => {
  const { json } = await postJson(`${slack.url}/api/chat.postMessage`, { text: "a" });
  expect(json).toEqual({ ok: false, error: "not_authed" });
});

test("wrong blocks are told with a pointer to what is wrong", async () => {
  const blocks = [{ type: "section", text: { type: "mrkdwn", text: "x".repeat(3_001) } }];
  const pointed = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]";
  expect(await call("chat.postMessage", { blocks })).toEqual({
    ok: false,
    error: "invalid_blocks",
    errors: [pointed],
    response_metadata: { messages: [`[ERROR] ${pointed}`] },
  });
});

test("a missing charset is a warning, as with the real service", async () => {
  const answer = await call("chat.postMessage", { text: "a" }, { "content-type": "application/json" });
  expect(answer).toMatchObject({ ok: true, warning: "missing_charset" });
});

test("the rate limit is a 429 with ok false; an archived channel is a 200 with ok false", async () => {
  slack.fault({ rateLimitedSeconds: 7, times: 1 });
  const { apiUrl, token } = slack.botTarget ?? {};
  const headers = { authorization: `Bearer ${token}` };
  const limited = await postJson(`${apiUrl}/chat.postMessage`, { text: "a" }, { headers });
  expect([limited.status, limited.headers.get("retry-after"), limited.json]).toEqual([
    429,
    "7",
    { ok: false, error: "ratelimited" },
  ]);
  slack.fault({ gone: true });
  expect(await call("chat.postMessage", { text: "a" })).toEqual({ ok: false, error: "is_archived" });
});
