import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { postJson } from "../post-json.ts";
import { samples } from "../samples.ts";
import { startChatSimulator } from "../start.ts";
import type { ChatSimulator } from "../types.ts";

let telegram: ChatSimulator;

beforeEach(async () => {
  telegram = await startChatSimulator({ kind: "telegram" });
});
afterEach(() => telegram.stop());

function call(method: string, change: object) {
  const { apiUrl, token, chatId } = telegram.target;
  return postJson(`${apiUrl}/bot${token}/${method}`, { chat_id: chatId, parse_mode: "HTML", ...change });
}

const send = (change: object) => call("sendMessage", change);

test("a message is answered with itself", async () => {
  expect(await send({ text: "<b>a</b> &lt;" })).toMatchObject({
    status: 200,
    json: { ok: true, result: { message_id: 1, text: "a <", entities: [{ type: "bold", offset: 0, length: 1 }] } },
  });
  expect(telegram.messages[0]?.texts).toEqual(["a <"]);
});

test("4096 UTF-16 units are the limit, counted after parsing", async () => {
  expect((await send({ text: `<b>${"&amp;".repeat(4_096)}</b>` })).status).toBe(200);
  expect((await send({ text: "😀".repeat(2_048) })).status).toBe(200);
  expect(await send({ text: `${"😀".repeat(2_048)}x` })).toMatchObject({
    status: 400,
    json: { ok: false, error_code: 400, description: "Bad Request: message is too long" },
  });
});

test.each<[string, object]>([
  ["message text is empty", {}],
  ["text must be non-empty", { text: "<b></b> " }],
  ['can\'t parse entities: Unsupported start tag "h1" at byte offset 0', { text: "<h1>a</h1>" }],
  ["unsupported parse_mode", { text: "a", parse_mode: "BBCode" }],
  ["chat not found", { text: "a", chat_id: 5 }],
  ["message thread not found", { text: "a", message_thread_id: 5 }],
  ["message to be replied not found", { text: "a", reply_parameters: { message_id: 5 } }],
  ["can't parse link preview options JSON object", { text: "a", link_preview_options: { is_disabled: "yes" } }],
])("refused: %s", async (description, change) => {
  expect((await send(change)).json).toEqual({ ok: false, error_code: 400, description: `Bad Request: ${description}` });
  expect(telegram.refused).toMatchObject([{ status: 400, error: `Bad Request: ${description}` }]);
});

test("without a parse mode markup is text", async () => {
  await send({ text: "1 < 2 & <b>", parse_mode: undefined });
  expect(telegram.messages[0]?.texts).toEqual(["1 < 2 & <b>"]);
});

test("tokens and methods nobody knows are refused", async () => {
  const { apiUrl } = telegram.target;
  expect((await postJson(`${apiUrl}/bot1:x/sendMessage`, samples.telegram)).json).toMatchObject({
    error_code: 401,
    description: "Unauthorized",
  });
  expect((await postJson(`${apiUrl}/botx/sendMessage`, samples.telegram)).status).toBe(404);
  expect((await call("sendSmoke", { text: "a" })).json).toMatchObject({ error_code: 404, description: "Not Found" });
});

test("answers make a thread of the message that began it", async () => {
  await send({ text: "root", message_thread_id: Number(telegram.existingThread) });
  await send({ text: "answer", reply_parameters: { message_id: 1 } });
  await send({ text: "answer to the answer", reply_parameters: { message_id: 2 } });
  expect(telegram.threads.get("1")?.map(({ texts, isRoot }) => [texts[0], isRoot])).toEqual([
    ["root", true],
    ["answer", false],
    ["answer to the answer", false],
  ]);
  expect(telegram.messages[0]?.thread).toBe(telegram.existingThread);
  await send({ text: "alone", reply_parameters: { message_id: 99, allow_sending_without_reply: true } });
  expect(telegram.messages[3]).toMatchObject({ isRoot: true });
});

test("an edit must change something that is there", async () => {
  await send({ text: "a" });
  expect((await call("editMessageText", { message_id: 1, text: "<b>a</b>" })).status).toBe(200);
  const same = await call("editMessageText", { message_id: 1, text: "<strong>a</strong>" });
  expect(same.text).toContain("message is not modified");
  expect((await call("editMessageText", { message_id: 9, text: "a" })).text).toContain("message to edit not found");
  expect([telegram.messages.length, telegram.updates.length]).toEqual([1, 1]);
});

test("entities after the hundredth are ignored without a word", async () => {
  await send({ text: "<b>a</b> ".repeat(100) });
  expect(telegram.truncated).toEqual([]);
  await send({ text: "<b>a</b> ".repeat(101) });
  expect(telegram.truncated).toEqual([{ what: "entities", length: 101 }]);
});

test("names outside of code and links to users are pings", async () => {
  await send({
    text: 'by @octocat <code>@code</code> a@example.org <a href="tg://user?id=5">you</a> <a href="https://x.org">@linked</a>',
  });
  expect(telegram.pings.map(({ text }) => text)).toEqual(["@octocat", "tg://user?id=5"]);
});

test("the rate limit and a bot that was kicked have the words of the Bot API", async () => {
  telegram.fault({ rateLimitedSeconds: 5, times: 1 });
  expect(await send({ text: "a" })).toMatchObject({
    status: 429,
    json: { ok: false, description: "Too Many Requests: retry after 5", parameters: { retry_after: 5 } },
  });
  telegram.fault({ gone: true });
  expect(await send({ text: "a" })).toMatchObject({
    status: 403,
    json: { description: "Forbidden: bot was kicked from the group chat" },
  });
});
