import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { postJson } from "../post-json.ts";
import { postTo } from "../samples.ts";
import { startChatSimulator } from "../start.ts";
import type { ChatSimulator } from "../types.ts";

let slack: ChatSimulator;

beforeEach(async () => {
  slack = await startChatSimulator({ kind: "slack" });
});
afterEach(() => slack.stop());

const x = (length: number) => "x".repeat(length);
const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const plain = (text: string) => ({ type: "plain_text", text });
const section = (text: string) => ({ type: "section", text: mrkdwn(text) });
const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
const url = "https://example.org/";
const link = (length: number) => url.padEnd(length, "x");
const button = (more: object) => ({ type: "actions", elements: [{ type: "button", text: plain("Go"), ...more }] });
const image = { type: "image", image_url: url, alt_text: "a" };
const rich = (...elements: object[]) => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements }],
});

async function send(message: object): Promise<string> {
  const { status, text } = await postTo(slack, message);
  return `${status} ${text}`;
}

test("a message without anything to show is refused", async () => {
  expect(await send({})).toBe("400 no_text");
  expect(await send({ text: "", blocks: [] })).toBe("400 no_text");
  expect(await send({ blocks: [section("only blocks")] })).toBe("200 ok");
});

test("what is no JSON, no webhook or not the webhook's channel is refused", async () => {
  const { url: hook = "" } = slack.target;
  expect((await postJson(hook, "{")).text).toBe("invalid_payload");
  expect((await postJson(hook, "text=a", { headers: { "content-type": "text/plain" } })).status).toBe(400);
  expect((await postJson(`${slack.url}/services/T000/B000/YYYY`, { text: "a" })).text).toBe("no_service");
  expect(await send({ text: "a", channel: "C9" })).toBe("404 channel_not_found");
  expect(await send({ text: 1 })).toBe("400 invalid_payload");
  expect(slack.refused.map(({ status, error }) => `${status} ${error}`)).toEqual([
    "400 invalid_payload",
    "400 invalid_payload",
    "404 no_service",
    "404 channel_not_found",
    "400 invalid_payload",
  ]);
});

test("an archived channel and a forbidden action have the service's errors", async () => {
  slack.fault({ gone: true, times: 1 });
  slack.fault({ status: 403, body: "action_prohibited", times: 1 });
  expect(await send({ text: "a" })).toBe("410 channel_is_archived");
  expect(await send({ text: "a" })).toBe("403 action_prohibited");
  slack.fault({ rateLimitedSeconds: 1.2, times: 1 });
  expect((await postTo(slack, { text: "a" })).headers.get("retry-after")).toBe("2");
});

test.each<[string, object, object]>([
  ["text", { text: x(40_000) }, { text: x(40_001) }],
  ["blocks", { blocks: many(50, { type: "divider" }) }, { blocks: many(51, { type: "divider" }) }],
  ["section text", { blocks: [section(x(3_000))] }, { blocks: [section(x(3_001))] }],
  ["section text", { blocks: [section(".")] }, { blocks: [section("")] }],
  [
    "fields",
    { blocks: [{ type: "section", fields: many(10, mrkdwn("a")) }] },
    { blocks: [{ type: "section", fields: many(11, mrkdwn("a")) }] },
  ],
  [
    "a field",
    { blocks: [{ type: "section", fields: [plain(x(2_000))] }] },
    { blocks: [{ type: "section", fields: [plain(x(2_001))] }] },
  ],
  ["section", { blocks: [section("a")] }, { blocks: [{ type: "section" }] }],
  [
    "header",
    { blocks: [{ type: "header", text: plain(x(150)) }] },
    { blocks: [{ type: "header", text: plain(x(151)) }] },
  ],
  [
    "header type",
    { blocks: [{ type: "header", text: plain("a") }] },
    { blocks: [{ type: "header", text: mrkdwn("a") }] },
  ],
  [
    "context",
    { blocks: [{ type: "context", elements: many(10, mrkdwn("a")) }] },
    { blocks: [{ type: "context", elements: many(11, mrkdwn("a")) }] },
  ],
  ["context", { blocks: [{ type: "context", elements: [image] }] }, { blocks: [{ type: "context", elements: [] }] }],
  [
    "all texts",
    { blocks: [...many(4, section(x(3_000))), section(x(1_200))] },
    { blocks: [...many(4, section(x(3_000))), section(x(1_201))] },
  ],
  [
    "block_id",
    { blocks: [{ ...section("a"), block_id: x(255) }] },
    { blocks: [{ ...section("a"), block_id: x(256) }] },
  ],
  [
    "unique block_id",
    { blocks: [{ ...section("a"), block_id: "a" }] },
    { blocks: many(2, { ...section("a"), block_id: "a" }) },
  ],
  ["button", { blocks: [button({ text: plain(x(75)) })] }, { blocks: [button({ text: plain(x(76)) })] }],
  ["button url", { blocks: [button({ url: link(3_000) })] }, { blocks: [button({ url: link(3_001) })] }],
  ["button url", { blocks: [button({ url })] }, { blocks: [button({ url: "javascript:alert(1)" })] }],
  ["button style", { blocks: [button({ style: "danger" })] }, { blocks: [button({ style: "default" })] }],
  ["image", { blocks: [image] }, { blocks: [{ type: "image", image_url: url }] }],
  ["image source", { blocks: [image] }, { blocks: [{ type: "image", alt_text: "a" }] }],
  ["rich text", { blocks: [rich({ type: "text", text: "a" })] }, { blocks: [rich({ type: "text", text: "" })] }],
  [
    "rich text style",
    { blocks: [rich({ type: "text", text: "a", style: { bold: true } })] },
    { blocks: [rich({ type: "text", text: "a", style: "bold" })] },
  ],
  ["block type", { blocks: [{ type: "divider" }] }, { blocks: [{ type: "marquee" }] }],
  ["unknown property", { blocks: [section("a")] }, { blocks: [{ ...section("a"), colour: "red" }] }],
  ["list of blocks", { blocks: [section("a")] }, { blocks: "[]" }],
  [
    "attached blocks",
    { attachments: [{ color: "#36a64f", blocks: [section("a")] }] },
    { attachments: [{ blocks: [section("")] }] },
  ],
  ["attachments", { attachments: many(100, { text: "a" }) }, { attachments: many(101, { text: "a" }) }],
])("%s: the limit is met and not exceeded", async (_name, met, exceeded) => {
  expect(await send(met)).toBe("200 ok");
  expect(await send(exceeded)).toMatch(/^400 (invalid_blocks|invalid_blocks_format|msg_|too_many)/);
});

test("texts are read in order, with links and escapes decoded", async () => {
  const fields = [mrkdwn("<https://example.org|label>"), plain("1 < 2")];
  await send({
    text: "a &lt;b&gt; &amp;amp;",
    blocks: [
      { type: "header", text: plain("Title") },
      { type: "section", fields },
    ],
  });
  expect(slack.messages[0]?.texts).toEqual(["a <b> &amp;", "Title", "label", "1 < 2"]);
});

test("mentions of people and groups are pings wherever Slack reads mrkdwn, and nowhere else", async () => {
  await send({
    text: "<!channel> &lt;!here&gt; @everyone",
    blocks: [
      section("<@U123> <!subteam^S1|team>"),
      { type: "header", text: plain("<!here>") },
      rich({ type: "broadcast", range: "here" }),
    ],
  });
  expect(slack.pings).toEqual([
    { text: "<!channel>", where: "text" },
    { text: "<@U123>", where: "blocks[0].text.text" },
    { text: "<!subteam^S1|team>", where: "blocks[0].text.text" },
    { text: "<!here>", where: "blocks[2].elements[0].elements[0]" },
  ]);
  await send({ text: "@everyone", link_names: true });
  expect(slack.pings.at(-1)).toEqual({ text: "@everyone", where: "text" });
});
