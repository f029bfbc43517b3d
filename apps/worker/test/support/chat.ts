import type { ChatSimulator } from "@hookline/testing";
import { expect } from "@jest/globals";
import fc from "fast-check";
import type {
  Answer,
  Message,
  Outgoing,
  Place,
  Reading,
  Target,
  TargetContext,
  TargetRequest,
} from "../../src/targets/target.ts";

export const context: TargetContext = {
  name: "team",
  isFromRequest: false,
  limits: { intervalMs: 0, maxInFlight: 1, timeoutMs: 5000 },
  inboxToken: () => undefined,
};

/** A digest such as people get it. */
export const digest: Message = {
  title: "octocat/hello-world",
  url: "https://github.com/octocat/hello-world",
  summary: "octocat/hello-world: 3 new issues, 5 more stars",
  author: undefined,
  status: { tone: "news", text: "3 new issues" },
  facts: [
    { label: "Stars", value: "1,234 (+5)" },
    { label: "Open issues", value: "47 (+1)" },
    { label: "Release", value: "v1.2.0" },
  ],
  body: [],
  sections: [
    {
      title: "New issues",
      items: [
        {
          text: "Emoji in labels are cut in half 🙂",
          url: "https://github.com/octocat/hello-world/issues/398",
          note: "hubot",
        },
        {
          text: "Support `Retry-After` in <snake_case>",
          url: "https://github.com/octocat/hello-world/issues/411",
          note: undefined,
        },
      ],
      more: { count: 37, url: "https://github.com/octocat/hello-world/issues?q=is%3Aopen&sort=new" },
    },
  ],
  footer: "GitHub, a minute ago",
  at: "2026-11-21T12:00:05.000Z",
  thread: { key: "octocat/hello-world", label: "octocat/hello-world", url: undefined },
};

/** What somebody wrote, in every form there is. */
export const note: Message = {
  ...digest,
  title: "Welcome",
  summary: "Matt Donahue wrote Welcome",
  author: { name: "Matt Donahue", avatarUrl: "https://example.com/avatar.png" },
  status: { tone: "good", text: "posted" },
  facts: [{ label: "Project", value: "The Leto Laptop" }],
  body: [
    { type: "heading", children: [{ type: "text", text: "What happens next" }] },
    {
      type: "paragraph",
      children: [
        { type: "text", text: "Read " },
        {
          type: "strong",
          children: [
            { type: "text", text: "the " },
            { type: "emphasis", children: [{ type: "text", text: "guide" }] },
          ],
        },
        { type: "text", text: " at " },
        { type: "link", url: "https://example.com/a_(b)?c=1&d=2", children: [{ type: "text", text: "our *wiki*" }] },
        { type: "text", text: "s" },
        { type: "break" },
        { type: "text", text: "> 2 * 3 * 4, " },
        { type: "code", text: "a`b && c" },
        { type: "strike", children: [{ type: "text", text: " soon " }] },
      ],
    },
    {
      type: "list",
      isOrdered: true,
      items: [
        [
          { type: "paragraph", children: [{ type: "text", text: "Name" }] },
          {
            type: "list",
            isOrdered: false,
            items: [[{ type: "paragraph", children: [{ type: "text", text: "short" }] }]],
          },
        ],
        [{ type: "paragraph", children: [{ type: "text", text: "Stickers" }] }],
      ],
    },
    { type: "quote", children: [{ type: "paragraph", children: [{ type: "text", text: "Invent it." }] }] },
    { type: "code", text: "npm install\nnpm start" },
    { type: "rule" },
    { type: "paragraph", children: [{ type: "text", text: "Bye" }] },
  ],
  sections: [],
  footer: "Basecamp",
};

export function outgoingOf(message: Message): Outgoing {
  return { deliveryId: "d1", body: Buffer.from("{}"), message, day: "2026-11-21", inbox: undefined };
}

export function requestOf(target: Target, message: Message, place: Place = { role: "alone" }): TargetRequest {
  return target.toRequest(outgoingOf(message), { now: new Date("2026-11-21T12:00:06.000Z"), place });
}

export function payloadOf({ body }: TargetRequest): Record<string, unknown> {
  return JSON.parse(body.toString());
}

export function answer(status: number, body: unknown, rest: Partial<Answer> = {}): Answer {
  return {
    status,
    headers: {},
    body: typeof body === "string" ? body : JSON.stringify(body),
    isTruncated: false,
    ...rest,
  };
}

/** Sends a request as the worker does, and keeps as much of the answer. */
export async function exchange({ method = "POST", url, headers, body }: TargetRequest): Promise<Answer> {
  const response = await fetch(url, { method, headers: { ...headers }, body: new Uint8Array(body) });
  const bytes = Buffer.from(await response.arrayBuffer());
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: bytes.subarray(0, 16_384).toString(),
    isTruncated: bytes.length > 16_384,
  };
}

/** What replies to a delivered root are posted to. */
export function refOf(reading: Reading | undefined): string {
  if (reading?.kind === "delivered" && reading.threadRef !== undefined) return reading.threadRef;
  throw new Error(`no thread in ${JSON.stringify(reading)}`);
}

/** Posts a root and then shows the latest in it; returns what both answers mean. */
export async function postAndUpdate(target: Target, root: Message, latest: Message): Promise<(Reading | undefined)[]> {
  const posted = target.read(await exchange(requestOf(target, root, { role: "root" })));
  const update = target.toRootUpdate?.(outgoingOf(root), outgoingOf(latest), refOf(posted));
  return [posted, update && target.read(await exchange(update))];
}

/** Nothing was refused, lost, cut, or called anybody. */
export function expectWelcome(simulator: ChatSimulator): void {
  expect(simulator.refused.map(({ error, rawBody }) => ({ error, rawBody: rawBody.toString().slice(0, 500) }))).toEqual(
    [],
  );
  expect(simulator.dropped).toEqual([]);
  expect(simulator.truncated).toEqual([]);
  expect(simulator.pings).toEqual([]);
}

/** Any text, many of them full of markup. */
export const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.string({ unit: "grapheme", maxLength: 400 }),
  fc
    .array(
      fc.constantFrom(..."*_~`|<>[]()#\\&;\"'@:-+.!\n ", "&amp;", "```", "**", "@everyone", "<!here>", "a", "é", "🙂"),
      {
        maxLength: 400,
      },
    )
    .map((parts) => parts.join("")),
);

/** A message made of any texts. */
export const anyMessage: fc.Arbitrary<Message> = fc
  .record({ title: anyText, item: anyText, value: anyText, body: anyText, url: fc.oneof(fc.webUrl(), anyText) })
  .map(({ title, item, value, body, url }) => ({
    ...note,
    title,
    url,
    summary: title,
    status: { tone: "bad", text: value },
    facts: [{ label: value, value }],
    body: [
      {
        type: "paragraph",
        children: [
          { type: "text", text: body },
          { type: "strong", children: [{ type: "text", text: item }] },
        ],
      },
      { type: "list", isOrdered: true, items: [[{ type: "quote", children: [{ type: "code", text: body }] }]] },
      {
        type: "paragraph",
        children: [
          { type: "link", url, children: [{ type: "text", text: body }] },
          { type: "code", text: item },
        ],
      },
    ],
    sections: [{ title: item, items: [{ text: item, url, note: value }], more: { count: 12_345, url } }],
    footer: value,
  }));

/** What is seen of a text: without the characters that only keep marks and mentions from working, and blanks as one. */
export function visible(text: string): string {
  return text
    .replaceAll(/[\u200b\u2060]/g, "")
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
}
