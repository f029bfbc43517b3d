import { type ChatSimulator, startChatSimulator } from "@hookline/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import * as chat from "../../../test/support/chat.ts";
import type { Target } from "../target.ts";
import { googlechatKind } from "./googlechat.ts";
import { renderGoogleChat } from "./render.ts";

let space: ChatSimulator;
let target: Target;

beforeAll(async () => {
  space = await startChatSimulator({ kind: "googlechat" });
  target = googlechatKind.create({ kind: "googlechat", url: String(space.target.url) }, chat.context);
});
afterAll(() => space.stop());
beforeEach(() => space.reset());

const base = "https://github.com/octocat/hello-world";

describe("a digest in Google Chat", () => {
  it("is one card, with a text for notifications alone", () => {
    expect(renderGoogleChat(chat.digest)).toEqual({
      fallbackText: "octocat/hello-world: 3 new issues, 5 more stars",
      cardsV2: [
        {
          cardId: "hookline",
          card: {
            sections: [
              {
                widgets: [
                  {
                    decoratedText: {
                      topLabel: "🔵 3 new issues",
                      text: `<b><a href="${base}">octocat/hello-world</a></b>`,
                      wrapText: true,
                    },
                  },
                  {
                    textParagraph: {
                      text: "<b>Stars</b> 1,234 (+5)<br><b>Open issues</b> 47 (+1)<br><b>Release</b> v1.2.0",
                    },
                  },
                ],
              },
              {
                header: "New issues",
                widgets: [
                  {
                    textParagraph: {
                      text: [
                        `• <a href="${base}/issues/398">Emoji in labels are cut in half 🙂</a> <font color="#80868b">hubot</font>`,
                        `• <a href="${base}/issues/411">Support \`Retry-After\` in &lt;snake_case&gt;</a>`,
                        `<a href="${base}/issues?q=is%3Aopen&amp;sort=new">… and 37 more</a>`,
                      ].join("<br>"),
                    },
                  },
                ],
              },
              { widgets: [{ textParagraph: { text: '<font color="#80868b">GitHub, a minute ago</font>' } }] },
            ],
          },
        },
      ],
    });
  });

  it("shows who wrote what, line by line", () => {
    const [{ card }] = renderGoogleChat(chat.note).cardsV2;
    expect(card.sections[0]?.widgets).toMatchObject([
      { decoratedText: { bottomLabel: "Matt Donahue", startIcon: { iconUrl: "https://example.com/avatar.png" } } },
      {},
      {
        textParagraph: {
          text: expect.stringContaining(
            '<br>Read <b>the </b><b><i>guide</i></b> at <a href="https://example.com/a_%28b%29?c=1&amp;d=2">our *wiki*</a>s<br>',
          ),
        },
      },
    ]);
  });
});

describe("a thread in Google Chat", () => {
  it("is named by its key and the day, and only where there is one", async () => {
    for (const role of ["root", "root"] as const) await chat.exchange(chat.requestOf(target, chat.digest, { role }));
    await chat.exchange(chat.requestOf(target, chat.digest));
    expect(target.threading).toBe("named");
    expect(space.threads.get("octocat/hello-world_2026-11-21")).toHaveLength(2);
    expect(space.messages[2]?.payload).not.toHaveProperty("thread");
    chat.expectWelcome(space);
  });

  it("keeps key and token of the address", () => {
    const url = "https://chat.googleapis.com/v1/spaces/A/messages?key=k%2Bk&token=t%3D";
    const { url: root } = chat.requestOf(
      googlechatKind.create({ kind: "googlechat", url }, chat.context),
      chat.digest,
      { role: "root" },
    );
    expect(Object.fromEntries(root.searchParams)).toEqual({
      key: "k+k",
      token: "t=",
      messageReplyOption: "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD",
    });
  });
});

describe("Google Chat's answers", () => {
  it("tell the wait among the details, and that a space is no more", async () => {
    space.fault({ rateLimitedSeconds: 2.5, times: 1 });
    space.fault({ gone: true, times: 1 });
    const send = async () => target.read(await chat.exchange(chat.requestOf(target, chat.digest)));
    expect(await send()).toEqual({ kind: "retry_later", waitMs: 2500 });
    expect(await send()).toEqual({ kind: "gone", detail: "google chat answered NOT_FOUND" });
    const limited = { error: { status: "RESOURCE_EXHAUSTED" } };
    expect(target.read(chat.answer(429, limited))).toEqual({ kind: "retry_later", waitMs: 60_000 });
  });

  it("tell what is wrong, and no text of the message", () => {
    const error = { code: 400, status: "INVALID_ARGUMENT", message: "secret" };
    expect(target.read(chat.answer(400, { error }))).toEqual({
      kind: "refused",
      detail: "google chat answered INVALID_ARGUMENT",
    });
    for (const body of ["", "null", "[]", { error: 1 }]) expect(target.read(chat.answer(400, body))).toBeUndefined();
    expect(target.read(chat.answer(200, { name: "spaces/A/messages/1" }))).toBeUndefined();
  });
});

describe("whatever strangers write", () => {
  it("is taken, for any text, and seen as it was written", async () => {
    const property = fc.asyncProperty(chat.anyMessage, async (message) => {
      const { status } = await chat.exchange(chat.requestOf(target, message));
      expect(status).toBe(200);
    });
    await fc.assert(property, { numRuns: 60 });
    chat.expectWelcome(space);
  });
});
