import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { postJson } from "../post-json.ts";
import { samples } from "../samples.ts";
import { startChatSimulator } from "../start.ts";
import type { ChatSimulator } from "../types.ts";

let flowdock: ChatSimulator;

beforeEach(async () => {
  flowdock = await startChatSimulator({ kind: "flowdock" });
});
afterEach(() => flowdock.stop());

const send = (change: object, headers: Record<string, string> = {}) =>
  postJson(flowdock.target.url ?? "", { ...samples.flowdock, ...change }, { headers });

test("a message is taken, with nulls where nothing is known, and told to who waits for it", async () => {
  const author = { name: "Ada", avatar: null, email: null };
  const status = { color: "green", value: "Sunday" };
  const thread = { title: "Seven", fields: null, body: "b", external_url: "https://x.org", status };
  expect((await send({ author, thread, title: "<a href='https://x.org'>see this on</a>" })).status).toBe(202);
  expect(flowdock.messages[0]?.texts).toEqual(["Ada", "see this on", "Seven", "b", "Sunday"]);
  const waited = await send({}, { "x-flowdock-wait-for-message": "true" });
  expect([waited.status, waited.json]).toEqual([200, expect.objectContaining({ title: "Hello" })]);
});

test("messages with one external thread id are one thread, which each of them changes", async () => {
  await send({ thread: { title: "before" } });
  await send({ event: "activity", thread: { title: "after" } });
  await send({ external_thread_id: "8" });
  const thread = flowdock.threads.get("7") ?? [];
  expect(thread.map(({ isRoot }) => isRoot)).toEqual([true, false]);
  expect(thread.at(-1)?.payload.thread).toEqual({ title: "after" });
  expect(flowdock.threads.size).toBe(2);
});

test.each<[string, object]>([
  ["flow_token", { flow_token: undefined }],
  ["event", { event: "message" }],
  ["title", { title: undefined }],
  ["title", { title: "<b>bold</b>" }],
  ["author", { author: undefined }],
  ["author.name", { author: { avatar: "a" } }],
  ["external_thread_id", { external_thread_id: undefined }],
  ["thread", { thread: undefined }],
  ["thread.title", { thread: { body: "b" } }],
  ["thread.status.color", { thread: { title: "t", status: { color: "pink", value: "v" } } }],
  ["thread.fields[0].label", { thread: { title: "t", fields: [{ value: "v" }] } }],
])("a wrong %s is a validation error", async (name, change) => {
  expect(await send(change)).toMatchObject({ status: 422, json: { message: "Validation error" } });
  expect(flowdock.refused[0]?.error).toContain(name);
  expect(flowdock.messages).toEqual([]);
});

test.each([
  "red",
  "green",
  "yellow",
  "cyan",
  "orange",
  "grey",
  "black",
  "lime",
  "purple",
  "blue",
])("%s is a status color", async (color) => {
  expect((await send({ thread: { title: "t", status: { color, value: "v" } } })).status).toBe(202);
});

test("any flow token and any path is taken until a token is set", async () => {
  expect((await postJson(`${flowdock.url}/other`, { ...samples.flowdock, flow_token: "any" })).status).toBe(202);
  expect((await postJson(flowdock.url, "{")).status).toBe(400);
  await flowdock.stop();
  flowdock = await startChatSimulator({ kind: "flowdock", token: "one" });
  expect((await send({ flow_token: "one" })).status).toBe(202);
  expect((await send({ flow_token: "two" })).status).toBe(401);
});
