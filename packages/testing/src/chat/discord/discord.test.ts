import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { postJson } from "../post-json.ts";
import { startChatSimulator } from "../start.ts";
import type { ChatSimulator } from "../types.ts";

let discord: ChatSimulator;

beforeEach(async () => {
  discord = await startChatSimulator({ kind: "discord" });
});
afterEach(() => discord.stop());

const x = (length: number) => "x".repeat(length);
const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
const send = (message: object, query = "") => postJson(`${discord.target.url}${query}`, message);
const embed = (value: object) => ({ embeds: [{ title: "t", ...value }] });
const field = (name: string, value: string) => embed({ fields: [{ name, value }] });

test("a post is answered 204, or with the message to who waits for it", async () => {
  expect(await send({ content: "a" })).toMatchObject({ status: 204, text: "" });
  const { status, json } = await send({ content: "b", embeds: [{ title: "t" }] }, "?wait=true");
  expect([status, json]).toEqual([200, expect.objectContaining({ id: discord.messages[1]?.id, content: "b" })]);
  expect(discord.messages[1]?.texts).toEqual(["b", "t"]);
});

test.each<[string, object, object]>([
  ["content", { content: x(2_000) }, { content: x(2_001) }],
  ["embeds", { embeds: many(10, { title: "t" }) }, { embeds: many(11, { title: "t" }) }],
  ["title", embed({ title: x(256) }), embed({ title: x(257) })],
  ["description", embed({ description: x(4_096) }), embed({ description: x(4_097) })],
  [
    "fields",
    embed({ fields: many(25, { name: "n", value: "v" }) }),
    embed({ fields: many(26, { name: "n", value: "v" }) }),
  ],
  ["field name", field(x(256), "v"), field(x(257), "v")],
  ["field name", field("n", "v"), field(" ", "v")],
  ["field value", field("n", x(1_024)), field("n", x(1_025))],
  ["field value", field("n", "v"), field("n", "")],
  ["footer", embed({ footer: { text: x(2_048) } }), embed({ footer: { text: x(2_049) } })],
  ["author", embed({ author: { name: x(256) } }), embed({ author: { name: x(257) } })],
  [
    "all embeds",
    { embeds: [{ description: x(4_000) }, { description: x(2_000) }] },
    { embeds: [{ description: x(4_000) }, { description: x(2_001) }] },
  ],
  ["url", embed({ url: "https://example.org" }), embed({ url: "ftp://example.org" })],
  ["color", embed({ color: 0xffffff }), embed({ color: "#ffffff" })],
  ["timestamp", embed({ timestamp: "2026-01-01T00:00:00.000Z" }), embed({ timestamp: "yesterday" })],
  ["username", { content: "a", username: x(80) }, { content: "a", username: "My Discord" }],
  [
    "allowed_mentions",
    { content: "a", allowed_mentions: { parse: [] } },
    { content: "a", allowed_mentions: { parse: ["all"] } },
  ],
])("%s: the limit is met and not exceeded", async (_name, met, exceeded) => {
  expect((await send(met)).status).toBe(204);
  expect(await send(exceeded)).toMatchObject({ status: 400, json: { code: 50_035, message: "Invalid Form Body" } });
});

test("what is wrong with a form is told where it is wrong", async () => {
  const { json } = await send({ content: x(2_001), embeds: [{ fields: [{ value: "v" }] }] });
  expect(json).toMatchObject({
    errors: {
      content: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 2000 or fewer in length." }] },
      embeds: { 0: { fields: { 0: { name: { _errors: [{ code: "BASE_TYPE_REQUIRED" }] } } } } },
    },
  });
});

test("errors have the codes of the API", async () => {
  const { url = "" } = discord.target;
  const codes = [
    await send({}),
    await send({ content: " ", embeds: [{}] }),
    await postJson(url, "{"),
    await postJson(`${url}x`, { content: "a" }),
    await postJson(url.replace(/\/\d+\//, "/9/"), { content: "a" }),
    await send({ content: "a", thread_name: "t" }),
    await send({ content: "a" }, "?thread_id=5"),
    await postJson(`${url}/messages/5`, { content: "a" }, { method: "PATCH" }),
  ].map(({ status, json }) => [status, (json as { code: number }).code]);
  expect(codes).toEqual([
    [400, 50_006],
    [400, 50_006],
    [400, 50_109],
    [401, 50_027],
    [404, 10_015],
    [400, 220_003],
    [404, 10_003],
    [404, 10_008],
  ]);
});

test("a thread that exists takes messages, and only there can they be edited", async () => {
  const query = `?wait=true&thread_id=${discord.existingThread}`;
  const { json } = await send({ content: "a" }, query);
  expect(json).toMatchObject({ channel_id: discord.existingThread });
  expect(discord.messages[0]).toMatchObject({ thread: discord.existingThread, isRoot: false });
  const path = `${discord.target.url}/messages/${discord.messages[0]?.id}`;
  expect((await postJson(path, { content: "b" }, { method: "PATCH" })).status).toBe(404);
  const edited = await postJson(`${path}?thread_id=${discord.existingThread}`, { content: "b" }, { method: "PATCH" });
  expect(edited).toMatchObject({ status: 200, json: { content: "b" } });
  expect(discord.updates).toHaveLength(1);
});

test("a forum opens a post for a thread name, and wants a name or an id", async () => {
  await discord.stop();
  discord = await startChatSimulator({ kind: "discord", isForum: true });
  expect((await send({ content: "a" })).json).toMatchObject({ code: 220_001 });
  expect((await send({ content: "a", thread_name: x(101) })).json).toMatchObject({ code: 50_035 });
  const { json } = await send({ content: "a", thread_name: x(100) }, "?wait=true");
  const { channel_id: thread } = json as { channel_id: string };
  expect((await send({ content: "b", thread_name: "t" }, `?thread_id=${thread}`)).json).toMatchObject({
    code: 220_002,
  });
  expect((await send({ content: "b" }, `?thread_id=${thread}`)).status).toBe(204);
  expect(discord.threads.get(thread)?.map(({ isRoot }) => isRoot)).toEqual([true, false]);
});

test("mentions are pings unless allowed_mentions forbids them", async () => {
  const content = "@everyone <@1> <@&2>";
  await send({ content });
  expect(discord.pings.map(({ text }) => text)).toEqual(["@everyone", "<@1>", "<@&2>"]);
  await send({ content, allowed_mentions: { parse: [] }, embeds: [{ description: content }] });
  expect(discord.pings).toHaveLength(3);
  await send({ content, allowed_mentions: { parse: ["everyone"], users: ["1"] } });
  expect(discord.pings.slice(3).map(({ text }) => text)).toEqual(["@everyone", "<@1>"]);
});

test("the rate limit is a float in the body and rounded up in the header; a deleted webhook is unknown", async () => {
  discord.fault({ rateLimitedSeconds: 1.337, times: 1 });
  const limited = await send({ content: "a" });
  expect(limited).toMatchObject({ status: 429, json: { retry_after: 1.337, global: false } });
  expect(limited.headers.get("retry-after")).toBe("2");
  expect(limited.headers.get("x-ratelimit-remaining")).toBe("0");
  discord.fault({ gone: true });
  expect(await send({ content: "a" })).toMatchObject({
    status: 404,
    json: { message: "Unknown Webhook", code: 10_015 },
  });
});
