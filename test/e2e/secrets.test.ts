import { randomBytes } from "node:crypto";
import {
  type ChatKind,
  type ChatSimulator,
  chatKinds,
  startChatSimulator,
  startReceiver,
  waitUntil,
} from "@hookline/testing";
import { afterEach, describe, expect, it } from "@jest/globals";
import { toBasecampEvent } from "./support/basecamp.ts";
import { dump } from "./support/dump.ts";
import { startOwnRedis } from "./support/redis.ts";
import { type Stack, startStack } from "./support/stack.ts";

const API_KEY = "end-to-end-api-key";
const BOARD_PASSWORD = "end-to-end-board-password";
const secret = () => `secret-${randomBytes(12).toString("hex")}`;

describe("secrets", () => {
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  it("appear in no log line, job, problem, board page or answer, and in no place in Redis but the one for inline targets", async () => {
    const redis = await startOwnRedis();
    closers.push(() => redis.stop());
    const chats = await Promise.all(chatKinds.map(startChat));
    const secrets = {
      INBOX_TOKEN: secret(),
      HOOK_HEADER: secret(),
      HOOK_SECRET: `whsec_${randomBytes(32).toString("base64")}`,
      ...Object.assign({}, ...chats.map(({ env }) => env)),
    };
    const inline = { kind: "discord", path: `/api/webhooks/1/${secret()}` };
    const echo = await startReceiver();
    closers.push(() => echo.stop());
    echo.respond(({ headers, path }) => ({ status: 500, body: JSON.stringify({ path, ...headers }) }));
    const stack = await startStack({
      redis: redis.env,
      project: toProject(chats, echo.url),
      env: {
        API_KEYS: API_KEY,
        BOARD_PASSWORD,
        LOG_LEVEL: "debug",
        RETRY_MAX_ATTEMPTS: "0",
        TARGET_ALLOWED_NETWORKS: "127.0.0.0/8",
        ...secrets,
      },
    });
    closers.push(() => stack.stop());
    stack.github.addRepository({ owner: "octocat", name: "hello-world" });

    const names = ["echo", ...chats.map(({ kind }) => kind)];
    const targets = [...names, { kind: inline.kind, url: echo.url + inline.path }];
    const task = await stack.post({ username: "octocat", repository: "hello-world", targets });
    const broken = await stack.post({ username: "octocat", repository: "missing" });
    await postToInbox(stack, secrets.INBOX_TOKEN);
    await stack.untilStatus(broken.id, "failed");
    await stack.untilStatus(task.id, "failed");
    await waitUntil(async () => (await ended(stack)).length >= targets.length + names.length, {
      what: "every delivery has ended",
    });

    const everything = [
      ...[stack.ingest, ...stack.workers].map((app) => app.stdout + app.stderr),
      ...(await readAnswers(stack)),
      await dump(redis.env, (key) => !key.includes(":inline-target:")),
    ].join("\n");
    for (const known of ["delivery.attempted", "repository.digest", "the target answered 500", "message.send", "***"]) {
      expect([known, everything.includes(known)]).toEqual([known, true]);
    }
    const hidden = [API_KEY, BOARD_PASSWORD, inline.path, stack.env.API_TOKEN, stack.env.WEBHOOK_SECRET];
    for (const text of [...hidden, ...Object.values(secrets)]) {
      expect(String(text).length).toBeGreaterThan(5);
      expect([text, toExcerpt(everything, String(text))]).toEqual([text, undefined]);
    }
  }, 60_000);

  /** Where a text appears, with what stands around it. */
  function toExcerpt(everything: string, text: string): string | undefined {
    const at = everything.indexOf(text);
    return at < 0 ? undefined : everything.slice(Math.max(0, at - 200), at + 100);
  }

  interface Chat {
    readonly kind: ChatKind;
    readonly chat: ChatSimulator;
    readonly options: Record<string, string>;
    readonly env: Record<string, string>;
  }

  /** A simulated service, with its secrets moved to variables as the project file wants it. */
  async function startChat(kind: ChatKind): Promise<Chat> {
    const chat = await startChatSimulator({ kind });
    closers.push(() => chat.stop());
    const env: Record<string, string> = {};
    const options = { ...(chat.botTarget ?? chat.target) };
    for (const name of ["token", "apiKey", "flowToken"]) {
      const value = options[name];
      if (value === undefined) continue;
      const variable = `${kind}_${name}`.toUpperCase();
      env[variable] = value;
      options[name] = `\${${variable}}`;
    }
    return { kind, chat, options, env };
  }

  function toProject(chats: readonly Chat[], receiverUrl: string): string {
    const targets = {
      echo: {
        kind: "webhook",
        url: `${receiverUrl}/echo`,
        secret: "${HOOK_SECRET}",
        headers: { "x-auth": "${HOOK_HEADER}" },
      },
      ...Object.fromEntries(chats.map(({ kind, options }) => [kind, { kind, rate: "100/s", ...options }])),
    };
    const inboxes = { leto: { token: "${INBOX_TOKEN}", deliver: Object.keys(targets) } };
    return JSON.stringify({ targets, sources: { basecamp: { inboxes } } });
  }

  async function postToInbox(stack: Stack, token: string): Promise<void> {
    for (const path of [token, `${token}x`]) {
      await fetch(`${stack.address}/webhooks/basecamp/recordings/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: toBasecampEvent(),
      });
    }
  }

  const ended = async (stack: Stack) => {
    const { data } = (await stack.request("GET", "/deliveries?limit=100")).body as {
      data: { id: string; status: string }[];
    };
    return data.filter(({ status }) => status === "delivered" || status === "failed");
  };

  async function readAnswers(stack: Stack): Promise<string[]> {
    const deliveries = (await ended(stack)).map(({ id }) => `/deliveries/${id}`);
    const paths = ["/tasks", "/deliveries", "/targets", "/openapi.json", "/readyz", ...deliveries];
    const answers = await Promise.all(paths.map((path) => stack.request("GET", path)));
    const metrics = await fetch(`${stack.address}/metrics`, { headers: { authorization: `Bearer ${API_KEY}` } });
    const problem = await stack.request("POST", "/tasks", { username: 1 });
    const basic = `Basic ${Buffer.from(`admin:${BOARD_PASSWORD}`).toString("base64")}`;
    const boards = await Promise.all(
      ["tasks", "deliveries"].map((queue) =>
        fetch(`${stack.address}/board/api/queues?activeQueue=${queue}&jobsPerPage=50`, {
          headers: { authorization: basic },
        }).then((response) => response.text()),
      ),
    );
    return [...[...answers, problem].map((answer) => JSON.stringify(answer)), await metrics.text(), ...boards];
  }
});
