import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { postJson } from "../post-json.ts";
import { startChatSimulator } from "../start.ts";
import type { ChatSimulator } from "../types.ts";

let google: ChatSimulator;

beforeEach(async () => {
  google = await startChatSimulator({ kind: "googlechat" });
});
afterEach(() => google.stop());

const JOIN = "&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD";
const send = (message: object | string, query = "") => postJson(`${google.target.url}${query}`, message);
const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
const widgets = (...list: object[]) => ({ cardsV2: [{ cardId: "c", card: { sections: [{ widgets: list }] } }] });
const paragraph = { textParagraph: { text: "p" } };
const openLink = { openLink: { url: "https://example.org" } };

test("a message is answered with itself, and cards are read", async () => {
  const { status, json } = await send({ text: "a" });
  expect([status, json]).toEqual([200, expect.objectContaining({ text: "a", name: google.messages[0]?.id })]);
  const header = { title: "Title", subtitle: "Sub" };
  const list = [
    { decoratedText: { topLabel: "top", text: "<b>mid</b> &amp;", button: { text: "Go", onClick: openLink } } },
    { divider: {} },
    { buttonList: { buttons: [{ text: "Open", onClick: openLink }] } },
  ];
  await send({ cardsV2: [{ cardId: "c", card: { header, sections: [{ header: "Part", widgets: list }] } }] });
  expect(google.messages[1]?.texts).toEqual(["Title", "Sub", "Part", "top", "mid &", "Go", "Open"]);
});

test("32000 bytes are the limit", async () => {
  const size = Buffer.byteLength(JSON.stringify({ text: "" }));
  expect((await send({ text: "x".repeat(32_000 - size) })).status).toBe(200);
  expect(await send({ text: "x".repeat(32_001 - size) })).toMatchObject({
    status: 400,
    json: { error: { code: 400, status: "INVALID_ARGUMENT" } },
  });
});

test.each<[string, object | string]>([
  ["cannot be empty", {}],
  ["cannot be empty", { text: " " }],
  ["Invalid JSON", "{"],
  ['Unknown name "colour": Cannot find field', { text: "a", colour: "red" }],
  ['Unknown name "bold" at \'message.cardsV2[0]', widgets({ textParagraph: { text: "a", bold: true } })],
  ["textParagraph.text", widgets({ textParagraph: { text: "" } })],
  ["decoratedText.text", widgets({ decoratedText: { topLabel: "a" } })],
  ["exactly one of", widgets({})],
  ["exactly one of", widgets({ ...paragraph, divider: {} })],
  ["onClick", widgets({ buttonList: { buttons: [{ text: "a" }] } })],
  ["text or an icon", widgets({ buttonList: { buttons: [{ onClick: openLink }] } })],
  ["valid URL", widgets({ buttonList: { buttons: [{ text: "a", onClick: { openLink: { url: "x" } } }] } })],
  ["no less than 1", widgets()],
  ["header.title", { cardsV2: [{ card: { header: { subtitle: "a" }, sections: [{ widgets: [paragraph] }] } }] }],
  ["cardId must be unique", { cardsV2: many(2, { cardId: "c", card: { sections: [{ widgets: [paragraph] }] } }) }],
])("refused: %s", async (words, message) => {
  const { status, json } = await send(message);
  expect([status, JSON.stringify(json)]).toEqual([400, expect.stringContaining(JSON.stringify(words).slice(1, -1))]);
  expect(google.messages).toEqual([]);
});

test("widgets after the hundredth are cut without a word", async () => {
  await send(widgets(...many(100, paragraph)));
  expect(google.truncated).toEqual([]);
  await send(widgets(...many(101, paragraph)));
  expect(google.truncated).toEqual([{ what: "widgets", length: 101 }]);
});

test("a thread key joins a thread with the option, and is ignored without it", async () => {
  const message = { text: "a", thread: { threadKey: "k" } };
  const { json } = await send(message, JOIN);
  await send(message, JOIN);
  await send(message);
  expect(json).toMatchObject({ thread: { threadKey: "k" } });
  expect(google.threads.get("k")?.map(({ isRoot }) => isRoot)).toEqual([true, false]);
  expect(google.messages[2]).toMatchObject({ isRoot: true });
  expect(google.messages[2]?.thread).not.toBe("k");
  const unknown = { text: "a", thread: { threadKey: "none" } };
  expect((await send(unknown, "&messageReplyOption=REPLY_MESSAGE_OR_FAIL")).status).toBe(404);
});

test("credentials, the rate limit and a space that is gone have Google's statuses", async () => {
  const url = google.target.url ?? "";
  const [path = ""] = url.split("?");
  const statuses = [await postJson(path, {}), await postJson(`${path}?key=a`, {}), await postJson(`${url}x`, {})];
  google.fault({ rateLimitedSeconds: 5, times: 1 });
  google.fault({ gone: true, times: 1 });
  statuses.push(await send({ text: "a" }), await send({ text: "a" }));
  expect(statuses.map(({ json }) => (json as { error: { status: string } }).error.status)).toEqual([
    "PERMISSION_DENIED",
    "INVALID_ARGUMENT",
    "UNAUTHENTICATED",
    "RESOURCE_EXHAUSTED",
    "NOT_FOUND",
  ]);
});

test("mentions of users are pings", async () => {
  await send({ text: "<users/all> and users/1", ...widgets({ textParagraph: { text: "<users/123>" } }) });
  expect(google.pings.map(({ text }) => text)).toEqual(["<users/all>", "<users/123>"]);
  expect(google.pings[1]?.where).toBe("cardsV2[0].card.sections[0].widgets[0].textParagraph.text");
});
