import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { postJson } from "../post-json.ts";
import { postTo, samples } from "../samples.ts";
import { startChatSimulator } from "../start.ts";
import type { ChatSimulator } from "../types.ts";

let zulip: ChatSimulator;

beforeEach(async () => {
  zulip = await startChatSimulator({ kind: "zulip" });
});
afterEach(() => zulip.stop());

const send = (change: object) => postTo(zulip, { ...samples.zulip, ...change });

function edit(id: string | undefined, change: Record<string, string>) {
  const { email, apiKey } = zulip.target;
  const authorization = `Basic ${Buffer.from(`${email}:${apiKey}`).toString("base64")}`;
  const options = { method: "PATCH", headers: { authorization } };
  return postJson(`${zulip.url}/api/v1/messages/${id}`, new URLSearchParams(change), options);
}

test("a message is answered with its id, and its topic is its thread", async () => {
  expect(await send({})).toMatchObject({ status: 200, json: { result: "success", msg: "", id: 1 } });
  await send({ type: "channel", to: "7", content: "again" });
  await send({ topic: "other" });
  expect(zulip.threads.get("greetings")?.map(({ isRoot }) => isRoot)).toEqual([true, false]);
  expect([...zulip.threads.keys()]).toEqual(["greetings", "other"]);
});

test("10000 and 60 code points are kept, and more is cut without a word", async () => {
  await send({ content: "😀".repeat(10_000), topic: "😀".repeat(60) });
  expect(zulip.truncated).toEqual([]);
  await send({ content: "x".repeat(10_001), topic: "y".repeat(61) });
  expect(zulip.truncated).toEqual([
    { what: "content", length: 10_001 },
    { what: "topic", length: 61 },
  ]);
  expect(zulip.messages[1]).toMatchObject({ thread: `${"y".repeat(57)}...` });
  expect(zulip.messages[1]?.texts[1]).toMatch(/x\n\[message truncated\]$/);
});

test("topics that share 57 characters fall into one thread once they are cut", async () => {
  await send({ topic: `${"y".repeat(57)} first` });
  await send({ topic: `${"y".repeat(57)} second` });
  expect(zulip.threads.size).toBe(1);
});

test.each<[string, string, object]>([
  ["BAD_REQUEST", "Message must not be empty", { content: " \n" }],
  ["BAD_REQUEST", "Message must not contain null bytes", { content: "a\0" }],
  ["BAD_REQUEST", "Invalid character in topic, at position 3!", { topic: "ab\u0000" }],
  ["BAD_REQUEST", "Invalid character in topic, at position 2!", { topic: "a\nb" }],
  ["BAD_REQUEST", "Invalid type", { type: "room" }],
  ["STREAM_DOES_NOT_EXIST", "Channel 'nowhere' does not exist", { to: "nowhere" }],
])("%s: %s", async (code, msg, change) => {
  expect(await send(change)).toMatchObject({ status: 400, json: { result: "error", code, msg } });
  expect(zulip.messages).toEqual([]);
});

test("JSON has no parameters, and strangers are not authorized", async () => {
  const { email, apiKey } = zulip.target;
  const authorization = `Basic ${Buffer.from(`${email}:${apiKey}`).toString("base64")}`;
  const url = `${zulip.url}/api/v1/messages`;
  expect(await postJson(url, samples.zulip, { headers: { authorization } })).toMatchObject({
    status: 400,
    json: { code: "REQUEST_VARIABLE_MISSING" },
  });
  const denied = { status: 401, json: { result: "error", code: "UNAUTHORIZED" } };
  expect(await postJson(url, new URLSearchParams(samples.zulip))).toMatchObject(denied);
  expect(await postTo(zulip, samples.zulip, { headers: { authorization: "Basic eDp5" } })).toMatchObject(denied);
});

test("the wait of a rate limit is a float", async () => {
  zulip.fault({ rateLimitedSeconds: 28.7 });
  const limited = await send({});
  expect(limited).toMatchObject({ status: 429, json: { code: "RATE_LIMIT_HIT", "retry-after": 28.7 } });
  expect(limited.headers.get("retry-after")).toBe("28.7");
});

test("mentions outside of code are pings; silent ones are none", async () => {
  await send({ content: "@**all** (@*team*) @_**Ada** `@**Bob**` \\@**Eve** x@**Kim** @\u200b**all**" });
  expect(zulip.pings.map(({ text }) => text)).toEqual(["@**all**", "@*team*"]);
});

test("a message can be edited, with the same rules", async () => {
  await send({});
  const { id } = zulip.messages[0] ?? {};
  expect(await edit(id, { content: "changed" })).toMatchObject({ status: 200, json: { result: "success" } });
  expect((await edit(id, { content: "" })).json).toMatchObject({ msg: "Message must not be empty" });
  expect((await edit("99", { content: "a" })).json).toMatchObject({ msg: "Invalid message(s)" });
  expect(zulip.updates).toMatchObject([{ id, thread: "greetings", deliveredAs: "update" }]);
});
