import { PermanentError } from "@hookline/runtime";
import { type ChatSimulator, startChatSimulator } from "@hookline/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import * as chat from "../../../test/support/chat.ts";
import { basecampDocument } from "../../../test/support/documents.ts";
import type { Message, Outgoing, Place, Target } from "../target.ts";
import { flowdockKind } from "./flowdock.ts";

let flow: ChatSimulator;
let target: Target;

beforeAll(async () => {
  flow = await startChatSimulator({ kind: "flowdock" });
  target = flowdockKind.create({ kind: "flowdock", url: `${flow.url}/messages`, flowToken: "flow" }, chat.context);
});
afterAll(() => flow.stop());
beforeEach(() => flow.reset());

const context = (place: Place) => ({ now: new Date("2026-11-22T12:00:00Z"), place });
const payloadOf = (outgoing: Outgoing, place: Place = { role: "root" }) =>
  chat.payloadOf(target.toRequest(outgoing, context(place)));

/** A Basecamp event of Sunday, 22 November 2026. */
const basecamp = (recording: Parameters<typeof basecampDocument>[0] = {}): Outgoing => {
  const document = basecampDocument(recording);
  const { title, parentId, parentAppUrl, appUrl } = document.recording;
  const thread = { key: parentId, label: "Message Board", url: parentAppUrl };
  const author = { name: "Matt Donahue", avatarUrl: "https://3.basecamp-static.com/people/matt/avatar-64-x4" };
  const message: Message = { ...chat.note, title, url: appUrl, author, thread };
  return { deliveryId: "d1", body: Buffer.from(JSON.stringify(document)), message, day: "2026-11-22", inbox: "leto" };
};

describe("a Basecamp event for Flowdock", () => {
  it("is the message that Baseflow sent, by its author", () => {
    const { recording } = basecampDocument();
    expect(payloadOf(basecamp())).toEqual({
      flow_token: "flow",
      event: "discussion",
      author: {
        name: "Matt Donahue",
        avatar: "https://3.basecamp-static.com/people/matt/avatar-64-x4",
        email: null,
      },
      title: `<a href='${recording.appUrl}'>see this on</a>`,
      body: recording.content,
      external_thread_id: "9007199254741430_2026-11-22",
      thread: {
        title: "Welcome",
        fields: null,
        body: "Welcome",
        external_url: recording.parentAppUrl,
        status: { color: "green", value: "Sunday" },
      },
    });
  });

  it("cannot break out of its link, and has its title where there is none", () => {
    const hostile = "https://example.com/?a='onclick=alert(1)&b=<script>";
    expect(payloadOf(basecamp({ recording: { appUrl: hostile } })).title).toBe(
      "<a href='https://example.com/?a=&#39;onclick=alert(1)&amp;b=&lt;script&gt;'>see this on</a>",
    );
    const nowhere = { appUrl: "javascript:alert(1)", title: "a <b> & 'c'" };
    expect(payloadOf(basecamp({ recording: nowhere })).title).toBe("a &lt;b&gt; &amp; &#39;c&#39;");
  });

  it("is sent as hookline, in JSON", () => {
    const { headers } = target.toRequest(basecamp(), context({ role: "root" }));
    expect(headers).toEqual({ "user-agent": "hookline", "content-type": "application/json" });
  });
});

describe("another message for Flowdock", () => {
  it("is HTML with everything escaped, in the colour of its status", () => {
    const base = "https://github.com/octocat/hello-world";
    expect(payloadOf(chat.outgoingOf(chat.digest))).toMatchObject({
      author: { name: "Hookline", avatar: null, email: null },
      title: `<a href='${base}'>see this on</a>`,
      body: [
        "<p><strong>Stars</strong> 1,234 (+5)<br><strong>Open issues</strong> 47 (+1)<br>",
        "<strong>Release</strong> v1.2.0</p><p><strong>New issues</strong></p><ul>",
        `<li><a href="${base}/issues/398">Emoji in labels are cut in half 🙂</a> <small>hubot</small></li>`,
        `<li><a href="${base}/issues/411">Support \`Retry-After\` in &lt;snake_case&gt;</a></li>`,
        `<li><a href="${base}/issues?q=is%3Aopen&amp;sort=new">… and 37 more</a></li></ul>`,
        "<p><small>GitHub, a minute ago</small></p>",
      ].join(""),
      external_thread_id: "octocat/hello-world_2026-11-21",
      thread: { title: "octocat/hello-world", external_url: null, status: { color: "green", value: "3 new issues" } },
    });
  });

  it("has a title and a status that fit beside it", () => {
    const message: Message = {
      ...chat.digest,
      title: "t".repeat(5000),
      status: { tone: "news", text: "s".repeat(5000) },
    };
    const { thread } = payloadOf(chat.outgoingOf(message));
    expect(thread).toMatchObject({ title: `${"t".repeat(299)}…`, status: { value: `${"s".repeat(59)}…` } });
  });

  it("is a thread of its own without a day", () => {
    expect(payloadOf({ ...chat.outgoingOf(chat.digest), day: undefined }).external_thread_id).toBe("d1");
    expect(payloadOf(chat.outgoingOf(chat.digest), { role: "alone" }).external_thread_id).toBe("d1");
    expect(target.threading).toBe("named");
  });

  it.each([
    ["good", "green"],
    ["quiet", "grey"],
    ["warning", "orange"],
    ["bad", "red"],
  ] as const)("that is %s is %s", (tone, color) => {
    const message = { ...chat.digest, status: { tone, text: "x" } };
    expect(payloadOf(chat.outgoingOf(message)).thread).toMatchObject({ status: { color } });
  });
});

describe("the flow token", () => {
  const options = { kind: "flowdock", url: "https://example.com/messages", authorName: "Robot" } as const;
  const passing = flowdockKind.create(options, {
    ...chat.context,
    inboxToken: (inbox) => (inbox === "leto" ? "inbox-token" : undefined),
  });
  const send = (inbox: string | undefined) =>
    chat.payloadOf(passing.toRequest({ ...chat.outgoingOf(chat.digest), inbox }, context({ role: "alone" })));

  it("is the inbox's own where none is configured", () => {
    expect(send("leto")).toMatchObject({ flow_token: "inbox-token", author: { name: "Robot" } });
  });

  it("is missed for good where there is neither", () => {
    expect(() => send(undefined)).toThrow('the target "team" has no flowToken, and the message came in by no inbox');
    expect(() => send("gone")).toThrow('the target "team" has no flowToken, and the inbox "gone" is not configured');
    expect(() => send(undefined)).toThrow(PermanentError);
  });
});

describe("whatever strangers write", () => {
  const send = async (message: Message) => {
    const answer = await chat.exchange(chat.requestOf(target, message, { role: "root" }));
    expect(answer).toMatchObject({ status: 202 });
    expect(target.read(answer)).toBeUndefined();
  };

  it("is taken, for any text, and is no markup", async () => {
    const property = fc.asyncProperty(chat.anyMessage, async (message) => {
      await send(message);
      const body = String(payloadOf(chat.outgoingOf(message)).body);
      const tags = "p|br|strong|em|del|code|pre|blockquote|ul|li|small|div";
      const rest = body.replaceAll(new RegExp(`</?(?:${tags})>|<a href="[^"<>\\s]*">|</a>`, "g"), "");
      expect(rest).not.toMatch(/[<>"']/);
    });
    await fc.assert(property, { numRuns: 60 });
    chat.expectWelcome(flow);
  });
});
