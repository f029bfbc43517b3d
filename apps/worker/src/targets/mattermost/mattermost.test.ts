import { type ChatSimulator, startChatSimulator } from "@hookline/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import * as chat from "../../../test/support/chat.ts";
import type { Target } from "../target.ts";
import { mattermostKind } from "./mattermost.ts";
import { renderMattermost } from "./render.ts";

let server: ChatSimulator;
let target: Target;

beforeAll(async () => {
  server = await startChatSimulator({ kind: "mattermost" });
  target = mattermostKind.create({ kind: "mattermost", url: String(server.target.url) }, chat.context);
});
afterAll(() => server.stop());
beforeEach(() => server.reset());

describe("a digest in Mattermost", () => {
  it("is one attachment in the colour of its status", () => {
    const base = "https://github.com/octocat/hello-world";
    const [attachment] = renderMattermost(chat.digest).attachments;
    expect(attachment).toEqual({
      fallback: "octocat/hello-world: 3 new issues, 5 more stars",
      color: "#1f75cb",
      title: "octocat/hello-world",
      title_link: base,
      text: [
        "**3 new issues**",
        "",
        "**Stars** 1,234 (+5) · **Open issues** 47 (+1) · **Release** v1.2.0",
        "",
        "**New issues**",
        `- [Emoji in labels are cut in half 🙂](${base}/issues/398) · hubot`,
        `- [Support \\\`Retry-After\\\` in &lt;snake_case>](${base}/issues/411)`,
        `- [… and 37 more](${base}/issues?q=is%3Aopen&sort=new)`,
      ].join("\n"),
      footer: "GitHub, a minute ago",
    });
  });

  it("shows who wrote what", () => {
    const [attachment] = renderMattermost(chat.note).attachments;
    expect(attachment).toMatchObject({ author_name: "Matt Donahue", author_icon: "https://example.com/avatar.png" });
    expect(attachment.text).toContain("**What happens next**");
  });

  it("makes no links of what Slack would take for some", () => {
    const title = "<https://evil.example|good> <!channel>";
    const [attachment] = renderMattermost({ ...chat.digest, title, url: undefined, summary: title }).attachments;
    for (const text of [attachment.title, attachment.fallback]) expect(text).not.toMatch(/<[^<|]+\||<!/);
  });
});

describe("Mattermost's answers", () => {
  it("are ok in plain text", () => {
    expect(target.read(chat.answer(200, "ok"))).toEqual({ kind: "delivered" });
    expect(target.read(chat.answer(200, "<html>"))).toMatchObject({ kind: "refused" });
  });

  it("tell by their id what is wrong", async () => {
    const id = "web.incoming_webhook.text.length.app_error";
    expect(target.read(chat.answer(400, { id, message: "secret" }))).toEqual({
      kind: "refused",
      detail: `mattermost answered ${id}`,
    });
    for (const body of ["", "null", "[]", { id: 1 }]) expect(target.read(chat.answer(400, body))).toBeUndefined();
    server.fault({ gone: true, times: 1 });
    const gone = await chat.exchange(chat.requestOf(target, chat.digest));
    expect(target.read(gone)).toMatchObject({ kind: "gone" });
  });

  it("leave a rate limit to its header", async () => {
    server.fault({ rateLimitedSeconds: 3, times: 1 });
    const limited = await chat.exchange(chat.requestOf(target, chat.digest));
    expect(target.read(limited)).toBeUndefined();
    expect(limited).toMatchObject({ status: 429, headers: { "retry-after": "3" } });
  });
});

describe("whatever strangers write", () => {
  it("is taken, for any text", async () => {
    const property = fc.asyncProperty(chat.anyMessage, async (message) => {
      expect(target.read(await chat.exchange(chat.requestOf(target, message)))).toEqual({ kind: "delivered" });
    });
    await fc.assert(property, { numRuns: 60 });
    chat.expectWelcome(server);
  });
});
