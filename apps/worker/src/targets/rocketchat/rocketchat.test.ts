import { type ChatSimulator, startChatSimulator } from "@hookline/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import * as chat from "../../../test/support/chat.ts";
import { nastyMessages } from "../../../test/support/nasty-texts.ts";
import type { Target } from "../target.ts";
import { renderRocketChat } from "./render.ts";
import { rocketchatKind } from "./rocketchat.ts";

let server: ChatSimulator;
let target: Target;

beforeAll(async () => {
  server = await startChatSimulator({ kind: "rocketchat" });
  target = rocketchatKind.create({ kind: "rocketchat", url: String(server.target.url) }, chat.context);
});
afterAll(() => server.stop());
beforeEach(() => server.reset());

describe("a digest in Rocket.Chat", () => {
  it("is a headline with an attachment in the colour of its status", () => {
    const base = "https://github.com/octocat/hello-world";
    expect(renderRocketChat(chat.digest)).toEqual({
      text: `*[octocat/hello-world](${base})*\n3 new issues`,
      attachments: [
        {
          color: "#1f75cb",
          text: [
            "*Stars* 1,234 (+5) · *Open issues* 47 (+1) · *Release* v1.2.0",
            "",
            "*New issues*",
            `- [Emoji in labels are cut in half 🙂](${base}/issues/398) · hubot`,
            `- [Support ˋRetry-Afterˋ in <\u200bsnake_case>](${base}/issues/411)`,
            `- [… and 37 more](${base}/issues?q=is%3Aopen&sort=new)`,
            "",
            "_GitHub, a minute ago_",
          ].join("\n"),
        },
      ],
    });
  });

  it("marks no text that needs escapes, which are not understood between marks", () => {
    const text = renderRocketChat({ ...chat.digest, footer: "2 * 3" }).attachments[0].text;
    expect(text.split("\n").at(-1)).toBe("2 \\* 3");
  });

  it("shows who wrote what", () => {
    const [attachment] = renderRocketChat(chat.note).attachments;
    expect(attachment).toMatchObject({ author_name: "Matt Donahue", author_icon: "https://example.com/avatar.png" });
    expect(attachment.text).toContain("*What happens next*");
  });
});

describe("Rocket.Chat's answers", () => {
  it("are a success or none, whatever the status", () => {
    expect(target.read(chat.answer(200, { success: true }))).toBeUndefined();
    expect(target.read(chat.answer(200, { success: false, error: "text [error-message-size-exceeded]" }))).toEqual({
      kind: "refused",
      detail: "rocketchat answered error-message-size-exceeded",
    });
    expect(target.read(chat.answer(200, { success: false }))).toMatchObject({ kind: "refused" });
    for (const body of ["", "null", "[]", "<html>"]) expect(target.read(chat.answer(400, body))).toBeUndefined();
  });

  it("tell the wait in a sentence, and that an integration is no more", async () => {
    const error = "Error, too many requests. You must wait 41 seconds before trying this endpoint again.";
    expect(target.read(chat.answer(429, { success: false, error }))).toEqual({ kind: "retry_later", waitMs: 41_000 });
    expect(target.read(chat.answer(429, { success: false }))).toBeUndefined();
    server.fault({ gone: true, times: 1 });
    const gone = await chat.exchange(chat.requestOf(target, chat.digest));
    expect(target.read(gone)).toMatchObject({ kind: "gone" });
  });
});

describe("whatever strangers write", () => {
  const send = async (message: typeof chat.digest) => {
    const answer = await chat.exchange(chat.requestOf(target, message));
    expect(JSON.parse(answer.body)).toEqual({ success: true });
    expect(target.read(answer)).toBeUndefined();
  };

  it("is taken, for any text", async () => {
    await fc.assert(fc.asyncProperty(chat.anyMessage, send), { numRuns: 60 });
    chat.expectWelcome(server);
  });

  it("is never longer than the server takes for a text, all in all", () => {
    for (const message of nastyMessages()) {
      const { text, attachments } = renderRocketChat(message);
      expect(text.length + attachments[0].text.length).toBeLessThanOrEqual(5_000);
    }
  });
});
