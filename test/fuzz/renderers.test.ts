import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { Block, Inline, RichText } from "../../apps/worker/src/messages/rich-text.ts";
import type { Message } from "../../apps/worker/src/targets/target.ts";
import * as chat from "../../apps/worker/test/support/chat.ts";
import { nastyTexts } from "../../apps/worker/test/support/nasty-texts.ts";
import { type TargetCase, targetCases } from "../../apps/worker/test/support/target-cases.ts";
import { FUZZ_TIMEOUT_MS, fuzz, inTime, type Random } from "./support/fuzz.ts";

const TONES = ["good", "news", "quiet", "warning", "bad"] as const;
const URLS = [
  "https://example.com/",
  "https://example.com/a_(b)*c*/?q=1&r=<2>|3'%22`#d[e]",
  "http://x.example/é",
] as const;

let opened: readonly TargetCase[];
beforeAll(async () => {
  opened = await Promise.all(Object.values(targetCases).flatMap((openings) => openings.map((open) => open())));
});
afterAll(() => Promise.all(opened.map((each) => each.stop())));

/** Nasty texts, parts and sequences of them, and random ones; few are long, for there are many in a message. */
function anyText(random: Random): string {
  const nasty = () => nastyTexts[random.below(nastyTexts.length)] ?? "";
  if (random.chance(0.3)) return random.text(random.pick([10, 100, 1000]));
  const text = random.chance(0.2)
    ? Array.from({ length: random.below(6) }, nasty).join(random.pick(["", " "]))
    : nasty();
  const start = random.chance(0.3) ? random.below(text.length) : 0;
  return random.chance(0.1) ? text : text.slice(start, start + random.below(300));
}

function many<T>(random: Random, most: number, make: () => T): T[] {
  return Array.from({ length: random.below(random.chance(0.05) ? most * 10 : most + 1) }, make);
}

function anyUrl(random: Random): string {
  return random.chance(0.1) ? `https://example.com/${"a".repeat(random.below(5000))}` : random.pick(URLS);
}

function anyInline(random: Random, depth: number): Inline {
  const children = () => many(random, 3, () => anyInline(random, depth - 1));
  const plain = random.below(depth === 0 ? 3 : 5);
  if (plain === 0) return { type: "text", text: anyText(random) };
  if (plain === 1) return { type: "code", text: anyText(random) };
  if (plain === 2) return { type: "break" };
  if (plain === 3) return { type: "link", url: anyUrl(random), children: children() };
  return { type: random.pick(["strong", "emphasis", "strike"]), children: children() };
}

function anyBlocks(random: Random, depth: number): RichText {
  return many(random, 4, () => anyBlock(random, depth));
}

function anyBlock(random: Random, depth: number): Block {
  const kind = random.below(depth === 0 ? 3 : 5);
  if (kind === 0) return { type: "code", text: anyText(random) };
  if (kind === 1) return { type: "rule" };
  if (kind === 2) {
    return { type: random.pick(["paragraph", "heading"]), children: many(random, 5, () => anyInline(random, 3)) };
  }
  if (kind === 3) return { type: "quote", children: anyBlocks(random, depth - 1) };
  return { type: "list", isOrdered: random.chance(0.5), items: many(random, 4, () => anyBlocks(random, depth - 1)) };
}

function anyMessage(random: Random): Message {
  const text = () => anyText(random);
  const url = () => (random.chance(0.3) ? undefined : anyUrl(random));
  const item = () => ({ text: text(), url: url(), note: random.chance(0.5) ? text() : undefined });
  const section = () => ({
    title: text(),
    items: many(random, 6, item),
    more: random.chance(0.5) ? { count: random.below(1e9), url: url() } : undefined,
  });
  return {
    title: text(),
    url: url(),
    summary: text(),
    author: random.chance(0.5) ? { name: text(), avatarUrl: url() } : undefined,
    status: { tone: random.pick(TONES), text: text() },
    facts: many(random, 6, () => ({ label: text(), value: text() })),
    body: anyBlocks(random, 3),
    sections: many(random, 4, section),
    footer: text(),
    at: "2026-11-21T12:00:00.000Z",
    thread: random.chance(0.5) ? { key: random.text(20), label: text(), url: url() } : undefined,
  };
}

it(
  "any message, told to any kind of target, is within the service's limits, pings nobody and takes no time",
  async () => {
    const rounds = await fuzz("renderers", async (random, n) => {
      const each = opened[n % opened.length];
      if (each === undefined) throw new Error("there is no target");
      const { target, chat: simulator, name, reset } = each;
      const message = anyMessage(random);
      const role = target.threading === "rooted" ? "root" : "alone";
      const outgoing = chat.outgoingOf(message);
      const request = await inTime(() => target.toRequest(outgoing, { now: new Date(), place: { role } }));
      const answer = await chat.exchange(request);
      const reading = target.read(answer) ?? { kind: answer.status < 300 ? "delivered" : "refused" };
      const why = simulator?.refused.at(-1)?.error;
      expect({ name, result: reading.kind, why }).toEqual({ name, result: "delivered", why: undefined });
      if (simulator !== undefined) chat.expectWelcome(simulator);
      reset();
    });
    expect(rounds).toBeGreaterThan(opened.length);
  },
  FUZZ_TIMEOUT_MS,
);
