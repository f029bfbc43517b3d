import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { postJson } from "../post-json.ts";
import { startChatSimulator } from "../start.ts";
import type { ChatSimulator } from "../types.ts";

let mattermost: ChatSimulator;

beforeEach(async () => {
  mattermost = await startChatSimulator({ kind: "mattermost" });
});
afterEach(() => mattermost.stop());

const send = (message: object | string) => postJson(mattermost.target.url ?? "", message);
const attach = (value: object) => ({ attachments: [value] });

test("a message is answered ok in plain text", async () => {
  expect(await send({ text: "a" })).toMatchObject({ status: 200, text: "ok" });
  const fields = [{ short: true, title: "Stars", value: 3 }];
  await send(
    attach({
      fallback: "f",
      color: "#36a64f",
      pretext: "p",
      title: "t",
      title_link: "u",
      text: "x",
      fields,
      footer: "z",
    }),
  );
  expect(mattermost.messages[1]?.texts).toEqual(["p", "t", "x", "Stars", "z"]);
});

test("16383 code points are the limit, whatever they weigh", async () => {
  expect((await send({ text: "😀".repeat(16_383) })).status).toBe(200);
  expect(await send({ text: "x".repeat(16_384) })).toMatchObject({
    status: 400,
    json: { id: "web.incoming_webhook.text.length.app_error", status_code: 400 },
  });
});

test.each<[string, object | string]>([
  ["text", {}],
  ["text", { text: "" }],
  ["decode", "{"],
  ["parse", { text: 5 }],
  ["parse", attach({ color: "reddish" })],
  ["parse", attach({ fields: [{ short: "yes" }] })],
  ["parse", { attachments: {} }],
])("an error of kind %s is told in the server's form", async (kind, message) => {
  expect(await send(message)).toMatchObject({
    status: 400,
    json: { id: `web.incoming_webhook.${kind}.app_error`, status_code: 400 },
  });
  expect([mattermost.messages.length, mattermost.refused.length]).toEqual([0, 1]);
});

test("another hook's path is refused, and the rate limit is plain text", async () => {
  expect((await postJson(`${mattermost.url}/hooks/other`, { text: "a" })).status).toBe(400);
  mattermost.fault({ rateLimitedSeconds: 3 });
  const limited = await send({ text: "a" });
  expect([limited.status, limited.text, limited.headers.get("retry-after")]).toEqual([429, "limit exceeded", "3"]);
});

test("mentions outside of code are pings, in attachments too", async () => {
  await send({
    text: "@all `@here` @\u200bchannel",
    attachments: [{ text: "by @octocat", fields: [{ value: "@ada" }] }],
  });
  expect(mattermost.pings).toEqual([
    { text: "@all", where: "text" },
    { text: "@octocat", where: "attachments[0].text" },
    { text: "@ada", where: "attachments[0].fields[0].value" },
  ]);
});
