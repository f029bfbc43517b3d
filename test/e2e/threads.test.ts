import { type ChatKind, type ChatSimulator, startChatSimulator, waitUntil } from "@hookline/testing";
import { afterEach, describe, expect, it } from "@jest/globals";
import { toBasecampEvent } from "./support/basecamp.ts";
import { type Stack, startStack } from "./support/stack.ts";

const INBOX = "token-of-the-inbox";

describe("a day's thread", () => {
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function start(kinds: readonly ChatKind[] = ["slack"], { workers = 3, env = {} } = {}) {
    const chats = await Promise.all(kinds.map((kind) => startChatSimulator({ kind, isForum: kind === "discord" })));
    for (const chat of chats) closers.push(() => chat.stop());
    const secrets: Record<string, string> = { BASECAMP_INBOX: INBOX };
    const targets = chats.map((chat) => [chat.kind, toOptions(chat, secrets)] as const);
    const inboxes = { leto: { token: "${BASECAMP_INBOX}", deliver: kinds } };
    const project = JSON.stringify({ targets: Object.fromEntries(targets), sources: { basecamp: { inboxes } } });
    const stack = await startStack({ project, workers, env: { ...secrets, ...env } });
    closers.push(() => stack.stop());
    return { stack, chats, chat: chats[0] as ChatSimulator };
  }

  /** A target's options, its secrets moved to variables. */
  function toOptions(chat: ChatSimulator, secrets: Record<string, string>): Record<string, unknown> {
    const options: Record<string, unknown> = { kind: chat.kind, rate: "200/s", ...(chat.botTarget ?? chat.target) };
    if (chat.kind === "discord") options.forum = true;
    for (const name of ["token", "apiKey", "flowToken"]) {
      if (options[name] === undefined) continue;
      const variable = `${chat.kind}_${name}`.toUpperCase();
      secrets[variable] = String(options[name]);
      options[name] = `\${${variable}}`;
    }
    return options;
  }

  const post = async (stack: Stack, index: number, more: Parameters<typeof toBasecampEvent>[0] = {}) => {
    const body = toBasecampEvent({ eventId: String(1000 + index), title: `Message number ${index}.`, ...more });
    const response = await fetch(`${stack.address}/webhooks/basecamp/recordings/${INBOX}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
  };
  const toNumbers = (chat: ChatSimulator) =>
    chat.messages.map(({ texts }) => Number(/Message number (\d+)/.exec(texts.join(" "))?.[1] ?? -1));

  it("has one root and 59 replies after 60 messages at once, none lost or doubled, with three replicas", async () => {
    const { stack, chat } = await start();
    await Promise.all(Array.from({ length: 60 }, (_, index) => post(stack, index)));
    await chat.waitFor(60, 40_000);
    await waitUntil(async () => (await stack.request("GET", "/tasks?status=delivered&limit=100")).body, {
      what: "all tasks are delivered",
    });
    expect(chat.messages).toHaveLength(60);
    expect(new Set(toNumbers(chat))).toEqual(new Set(Array.from({ length: 60 }, (_, index) => index)));
    expect(chat.messages.filter(({ isRoot }) => isRoot)).toHaveLength(1);
    expect([...chat.threads.values()].map((thread) => thread.length)).toEqual([60]);
    const last = chat.messages.at(-1)?.texts.join(" ");
    const latest = /Message number \d+\./.exec(last ?? "")?.[0] ?? "?";
    await waitUntil(() => chat.updates.at(-1)?.texts.join(" ").includes(latest) === true, {
      what: "the root shows the latest title",
    });
  }, 60_000);

  it("arrives in the order in which its messages were accepted, in every service that has threads", async () => {
    const kinds = ["slack", "zulip", "discord", "googlechat", "telegram", "flowdock"] as const;
    const { stack, chats } = await start(kinds);
    for (let index = 0; index < 12; index += 1) await post(stack, index);
    await Promise.all(chats.map((chat) => chat.waitFor(12, 20_000)));
    for (const chat of chats) {
      const inOrder = Array.from({ length: 12 }, (_, index) => index);
      expect([chat.kind, toNumbers(chat)]).toEqual([chat.kind, inOrder]);
      expect([chat.kind, [...chat.threads.values()].map((thread) => thread.length)]).toEqual([chat.kind, [12]]);
      for (const list of [chat.refused, chat.dropped, chat.truncated, chat.pings]) expect(list).toEqual([]);
    }
  }, 40_000);

  it("goes on after a restart of every worker", async () => {
    const { stack, chat } = await start(["slack"], { workers: 1 });
    for (let index = 0; index < 3; index += 1) await post(stack, index);
    await chat.waitFor(3);
    for (const worker of stack.workers) await worker.stop();
    for (let index = 3; index < 6; index += 1) await post(stack, index);
    await stack.addWorker();
    await chat.waitFor(6, 20_000);
    expect(toNumbers(chat)).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...chat.threads.values()].map((thread) => thread.length)).toEqual([6]);
  }, 30_000);

  it("is a repository's own when digests are sent", async () => {
    const { stack, chat } = await start(["slack"], { workers: 1, env: { CACHE_TTL: "0" } });
    for (const name of ["hello-world", "other"]) stack.github.addRepository({ owner: "octocat", name });
    for (const repository of ["hello-world", "other", "hello-world"]) {
      const { id } = await stack.post({ username: "octocat", repository, targets: ["slack"] });
      await stack.untilStatus(id, "delivered");
    }
    // A message that nobody has replied to is no thread yet.
    expect(chat.messages).toHaveLength(3);
    expect([...chat.threads.values()].map((thread) => thread.length)).toEqual([2]);
  }, 30_000);
});
