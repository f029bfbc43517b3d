import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { postJson } from "../post-json.ts";
import { startChatSimulator } from "../start.ts";
import type { ChatSimulator } from "../types.ts";

let rocket: ChatSimulator;

beforeEach(async () => {
  rocket = await startChatSimulator({ kind: "rocketchat" });
});
afterEach(() => rocket.stop());

const send = (message: object | string) => postJson(rocket.target.url ?? "", message);

test("5000 characters are the limit", async () => {
  expect(await send({ text: "x".repeat(5_000) })).toMatchObject({ status: 200, json: { success: true } });
  expect(await send({ text: "x".repeat(5_001) })).toMatchObject({
    status: 400,
    json: { success: false, error: "error-message-size-exceeded" },
  });
  expect([rocket.messages.length, rocket.refused.length]).toEqual([1, 1]);
});

test.each<[string, object | string]>([
  ["an empty body", ""],
  ["an empty object", {}],
  ["an empty text", { text: " ", attachments: [] }],
])("%s is a success that shows nothing", async (_name, message) => {
  expect(await send(message)).toMatchObject({ status: 200, json: { success: true } });
  expect([rocket.messages.length, rocket.dropped.length]).toEqual([0, 1]);
});

test("what cannot be read and another integration's path are refused", async () => {
  expect((await send("{")).status).toBe(400);
  expect((await send({ text: 5 })).status).toBe(400);
  expect(await postJson(`${rocket.url}/hooks/a/b`, { text: "a" })).toMatchObject({
    status: 404,
    json: { success: false, error: "Invalid integration id or token provided." },
  });
  expect(rocket.refused).toHaveLength(3);
});

test("the rate limit says how long to wait", async () => {
  rocket.fault({ rateLimitedSeconds: 42 });
  const limited = await send({ text: "a" });
  expect(limited.text).toContain("You must wait 42 seconds");
  expect(limited.headers.get("x-ratelimit-remaining")).toBe("0");
});

test("attachments are read, and mentions outside of code are pings", async () => {
  await send({ text: "```\n@all\n```", attachments: [{ title: "t", text: "@here", collapsed: true }] });
  expect(rocket.messages[0]?.texts.slice(1)).toEqual(["t", "@here"]);
  expect(rocket.pings).toEqual([{ text: "@here", where: "attachments[0].text" }]);
});
