import { readSettings } from "@hookline/runtime";
import { describe, expect, it } from "@jest/globals";
import { projectVariables, toDefaultTarget } from "./index.ts";

const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const toTarget = (url: string, more: Partial<Parameters<typeof toDefaultTarget>[0]> = {}) =>
  toDefaultTarget({ WEBHOOK_URL: new URL(url), WEBHOOK_KIND: undefined, ...more });

describe("the default target", () => {
  it.each([
    ["https://hooks.slack.com/services/T/B/x", "slack"],
    ["https://hooks.slack-gov.com/services/T/B/x", "slack"],
    ["https://discord.com/api/webhooks/1/x", "discord"],
    ["https://ptb.discordapp.com/api/webhooks/1/x", "discord"],
    ["https://prod-1.westeurope.logic.azure.com/workflows/x", "teams"],
    ["https://x.api.powerplatform.com/x", "teams"],
    ["https://chat.googleapis.com/v1/spaces/x", "googlechat"],
    ["https://hooks.slack.com.example.com/", "webhook"],
    ["https://evil-discord.com/", "webhook"],
    ["http://127.0.0.1:9/hook", "webhook"],
  ])("of %s is of kind %s", (url, kind) => {
    expect(toTarget(url)).toEqual({ kind, url });
  });

  it("is of the kind that WEBHOOK_KIND says", () => {
    const url = "https://hooks.slack.com/x";
    expect(toTarget(url, { WEBHOOK_KIND: "mattermost" })).toEqual({ kind: "mattermost", url });
    expect(toTarget(url, { WEBHOOK_KIND: "webhook", WEBHOOK_SECRET: [SECRET, SECRET] })).toEqual({
      kind: "webhook",
      url,
      secret: `${SECRET} ${SECRET}`,
    });
  });

  it("is signed when it is a webhook, and there is none without WEBHOOK_URL", () => {
    expect(toTarget("https://hooks.slack.com/x", { WEBHOOK_SECRET: [SECRET] })).not.toHaveProperty("secret");
    expect(toTarget("https://x.example/", { WEBHOOK_SECRET: [SECRET] })).toHaveProperty("secret", SECRET);
    expect(toDefaultTarget({ WEBHOOK_URL: undefined, WEBHOOK_KIND: "slack" })).toBeUndefined();
  });
});

describe("WEBHOOK_KIND", () => {
  const read = (WEBHOOK_KIND: string) => readSettings(projectVariables, { WEBHOOK_KIND }).WEBHOOK_KIND;

  it("is a kind that needs no more than a URL, or nothing", () => {
    expect([read("teams"), read("")]).toEqual(["teams", undefined]);
    for (const wrong of ["zulip", "telegram", "flowdock", "Slack", "constructor"]) {
      expect(() => read(wrong)).toThrow("WEBHOOK_KIND: must be one of webhook, slack, discord");
    }
  });
});
