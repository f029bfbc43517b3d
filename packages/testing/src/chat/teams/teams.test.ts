import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { postJson } from "../post-json.ts";
import { samples } from "../samples.ts";
import { startChatSimulator } from "../start.ts";
import type { ChatSimulator } from "../types.ts";

let teams: ChatSimulator;

beforeEach(async () => {
  teams = await startChatSimulator({ kind: "teams" });
});
afterEach(() => teams.stop());

const contentType = "application/vnd.microsoft.card.adaptive";
const text = (value: string) => ({ type: "TextBlock", text: value });
const action = (type: string, more: object = {}) => ({ type, title: "Go", ...more });

function message(body: unknown, more: object = {}): object {
  const content = { type: "AdaptiveCard", version: "1.4", body, ...more };
  return { type: "message", attachments: [{ contentType, content }] };
}

async function send(body: object | string): Promise<number> {
  return (await postJson(teams.target.url ?? "", body)).status;
}

test("a card of all elements is taken and read", async () => {
  const columns = [{ type: "Column", items: [text("column")] }];
  const body = [
    { type: "Container", style: "emphasis", items: [text("inside")] },
    { type: "ColumnSet", columns },
    { type: "FactSet", facts: [{ title: "Stars", value: "3" }] },
    { type: "RichTextBlock", inlines: ["run", { type: "TextRun", text: "bold", weight: "bolder" }] },
    { type: "Image", url: "https://example.org/a.png" },
  ];
  expect(await send(message(body, { actions: [action("Action.OpenUrl", { url: "https://example.org" })] }))).toBe(202);
  expect(teams.dropped).toEqual([]);
  expect(teams.messages[0]?.texts).toEqual(["inside", "column", "Stars", "3", "run", "bold", "Go"]);
});

test("28 KB are shown, and one byte more is taken and dropped", async () => {
  const size = JSON.stringify(message([text("")])).length;
  expect(await send(message([text("x".repeat(28 * 1024 - size))]))).toBe(202);
  expect(await send(message([text("x".repeat(28 * 1024 - size + 1))]))).toBe(202);
  expect([teams.messages.length, teams.dropped.length]).toEqual([1, 1]);
  expect(teams.dropped[0]?.reason).toBe("28673 bytes are more than 28672");
});

test.each<[string, object]>([
  ["no message", { ...samples.teams, type: "MessageCard" }],
  ["no attachment", { type: "message", attachments: [] }],
  ["another content type", { type: "message", attachments: [{ contentType: "application/json", content: {} }] }],
  ["no card", message([text("a")], { type: "Card" })],
  ["a version to come", message([text("a")], { version: "1.6" })],
  ["an empty card", message([])],
  ["an empty text", message([text("")])],
  ["a text that is missing", message([{ type: "TextBlock" }])],
  ["an unknown element", message([{ type: "Marquee", text: "a" }])],
  ["an unknown color", message([{ ...text("a"), color: "red" }])],
  ["an unknown element inside", message([{ type: "Container", items: [{ type: "Input.Text", id: "a" }] }])],
  ["a fact without a value", message([{ type: "FactSet", facts: [{ title: "a" }] }])],
  ["a submitting action", message([text("a")], { actions: [action("Action.Submit")] })],
  ["a link to no web page", message([text("a")], { actions: [action("Action.OpenUrl", { url: "javascript:1" })] })],
])("%s is taken and dropped", async (_name, body) => {
  expect(await send(body)).toBe(202);
  expect(teams.dropped).toHaveLength(1);
  expect([teams.messages, teams.refused]).toEqual([[], []]);
});

test("the flow itself refuses what is no JSON, unsigned or gone", async () => {
  expect(await send("{")).toBe(400);
  const [unsigned = ""] = (teams.target.url ?? "").split("&sig=");
  expect(await postJson(unsigned, samples.teams)).toMatchObject({
    status: 401,
    json: { error: { code: "DirectApiAuthorizationRequired" } },
  });
  teams.fault({ gone: true });
  expect(await postJson(teams.target.url ?? "", samples.teams)).toMatchObject({
    status: 404,
    json: { error: { code: "WorkflowNotFound" } },
  });
});

test("mentions are pings, declared or not", async () => {
  const entities = [{ type: "mention", text: "<at>Ada</at>", mentioned: { id: "1", name: "Ada" } }];
  await send(message([text("Hello <at>Ada</at>")], { msteams: { width: "Full", entities } }));
  expect(teams.pings.map(({ text: ping }) => ping)).toEqual(["<at>", "Ada"]);
});
