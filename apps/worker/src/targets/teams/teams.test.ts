import { type ChatSimulator, startChatSimulator } from "@hookline/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import * as chat from "../../../test/support/chat.ts";
import type { Target } from "../target.ts";
import { renderTeams } from "./render.ts";
import { teamsKind } from "./teams.ts";

let service: ChatSimulator;
let target: Target;

beforeAll(async () => {
  service = await startChatSimulator({ kind: "teams" });
  target = teamsKind.create({ kind: "teams", url: String(service.target.url) }, chat.context);
});
afterAll(() => service.stop());
beforeEach(() => service.reset());

const base = "https://github.com/octocat/hello-world";

describe("a digest in Teams", () => {
  it("is a card over the whole width, whose texts wrap", () => {
    const [{ contentType, contentUrl, content }] = renderTeams(chat.digest).attachments;
    expect({ contentType, contentUrl }).toEqual({
      contentType: "application/vnd.microsoft.card.adaptive",
      contentUrl: null,
    });
    expect(content).toMatchObject({ type: "AdaptiveCard", version: "1.4", msteams: { width: "Full" } });
    expect(content.body.slice(0, 3)).toEqual([
      { type: "TextBlock", text: "3 new issues", wrap: true, size: "Small", weight: "Bolder", color: "Accent" },
      {
        type: "TextBlock",
        text: `[octocat/hello-world](${base})`,
        wrap: true,
        size: "Large",
        weight: "Bolder",
        spacing: "Small",
      },
      {
        type: "FactSet",
        facts: [
          { title: "Stars", value: "1,234 (+5)" },
          { title: "Open issues", value: "47 (+1)" },
          { title: "Release", value: "v1.2.0" },
        ],
      },
    ]);
    expect(content.body.slice(3).map((element) => "text" in element && element.text)).toEqual([
      "**New issues**",
      `• [Emoji in labels are cut in half 🙂](${base}/issues/398) · hubot`,
      `• [Support \\\`Retry-After\\\` in <\u200bsnake_case>](${base}/issues/411)`,
      `[… and 37 more](${base}/issues?q=is%3Aopen&sort=new)`,
      "GitHub, a minute ago",
    ]);
  });

  it("has one button, which leads where the title does", () => {
    expect(renderTeams(chat.digest).attachments[0].content.actions).toEqual([
      { type: "Action.OpenUrl", title: "Open", url: base },
    ]);
    const bare = { ...chat.digest, url: undefined };
    expect(renderTeams(bare).attachments[0].content).not.toHaveProperty("actions");
  });

  it("shows who wrote what, a block for each line", () => {
    const { body } = renderTeams(chat.note).attachments[0].content;
    expect(JSON.stringify(body)).toContain('"url":"https://example.com/avatar.png"');
    const texts = body.map((element) => ("text" in element ? chat.visible(element.text) : ""));
    expect(texts.slice(4, -1)).toEqual([
      "**What happens next**",
      "Read **the** **_guide_** at [our \\*wiki\\*](https://example.com/a_%28b%29?c=1&d=2)s",
      "> 2 \\* 3 \\* 4, a\\`b && c ~~soon~~",
      "1. Name",
      "• short",
      "2. Stickers",
      "│ Invent it.",
      "npm install",
      "npm start",
      "───────",
      "Bye",
    ]);
    expect(body).toContainEqual(expect.objectContaining({ text: "npm install", fontType: "Monospace" }));
  });
});

describe("Teams' answers", () => {
  it("are an accepted request, unless they tell an error", () => {
    expect(target.read(chat.answer(202, ""))).toBeUndefined();
    expect(target.read(chat.answer(200, "1"))).toBeUndefined();
    expect(target.read(chat.answer(202, { error: { code: "InvalidCard", message: "secret" } }))).toEqual({
      kind: "refused",
      detail: "teams answered 202 InvalidCard",
    });
    const sentence = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413";
    expect(target.read(chat.answer(200, sentence))).toMatchObject({ kind: "refused" });
    for (const body of ["", "null", "[]", { error: "x" }]) expect(target.read(chat.answer(400, body))).toBeUndefined();
  });

  it("tell that a workflow is no more, and leave a rate limit to its header", async () => {
    service.fault({ gone: true, times: 1 });
    service.fault({ rateLimitedSeconds: 2, times: 1 });
    const send = () => chat.exchange(chat.requestOf(target, chat.digest));
    expect(target.read(await send())).toEqual({ kind: "gone", detail: "teams answered 404 WorkflowNotFound" });
    expect(target.read(await send())).toBeUndefined();
  });
});

describe("whatever strangers write", () => {
  it("is shown, for any text", async () => {
    const property = fc.asyncProperty(chat.anyMessage, async (message) => {
      const { status } = await chat.exchange(chat.requestOf(target, message));
      expect(status).toBe(202);
    });
    await fc.assert(property, { numRuns: 60 });
    chat.expectWelcome(service);
  });
});
