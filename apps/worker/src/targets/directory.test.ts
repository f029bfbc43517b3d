import type { InlineTarget } from "@hookline/contracts";
import { emptyProject } from "@hookline/project";
import { ConfigurationError, PermanentError } from "@hookline/runtime";
import { describe, expect, it } from "@jest/globals";
import { outgoing } from "../../test/support/targets.ts";
import { toTargetConfigs } from "./configs.ts";
import { createTargetDirectory, type DirectoryOptions } from "./directory.ts";
import type { Target } from "./target.ts";

const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const INLINE: InlineTarget = { kind: "webhook", url: "https://inline.example/hook" };
const hook = { kind: "webhook", url: "https://hook.example/" } as const;

const create = (options: Partial<DirectoryOptions> = {}) =>
  createTargetDirectory({
    configs: { hook, fast: { ...hook, rate: "10/s", timeout: 700, maxInFlight: 3, secret: SECRET } },
    inboxes: {},
    timeoutMs: 15_000,
    requestSecret: undefined,
    loadInline: async () => undefined,
    ...options,
  });
const headersOf = (target: Target) =>
  target.toRequest(outgoing(), { now: new Date(), place: { role: "alone" } }).headers;

describe("the target directory", () => {
  it("finds configured targets by name, each with its limits", async () => {
    const directory = create();
    await expect(directory.find("hook")).resolves.toMatchObject({
      name: "hook",
      kind: "webhook",
      isFromRequest: false,
      limits: { intervalMs: 0, maxInFlight: 50, timeoutMs: 15_000 },
    });
    const fast = await directory.find("fast");
    expect(fast.limits).toEqual({ intervalMs: 100, maxInFlight: 3, timeoutMs: 700 });
    expect(headersOf(fast)).toHaveProperty("webhook-signature");
    expect(await directory.find("fast")).toBe(fast);
  });

  it("makes targets of requests, whether a job names them or brings them along", async () => {
    const asked: string[] = [];
    const loadInline = async (name: string) => {
      asked.push(name);
      return INLINE;
    };
    const directory = create({ loadInline, requestSecret: SECRET });
    const brought = await directory.find(INLINE);
    expect(brought).toMatchObject({ kind: "webhook", isFromRequest: true });
    expect(brought.name).toMatch(/^webhook~inline\.example~[0-9a-f]{10}$/);
    await expect(directory.find(brought.name)).resolves.toMatchObject({ name: brought.name, isFromRequest: true });
    expect(asked).toEqual([brought.name]);
    expect(headersOf(brought)).toHaveProperty("webhook-signature");
    expect(headersOf(await create().find(INLINE))).not.toHaveProperty("webhook-signature");
  });

  it.each(["other", "webhook~gone.example~0123456789", "constructor", "__proto__"])("knows no %s", async (name) => {
    const search = create().find(name);
    await expect(search).rejects.toThrow(PermanentError);
    await expect(search).rejects.toMatchObject({ code: "unknown_target" });
  });

  it("does not ask elsewhere for names that are not of requests, and passes on why it could not", async () => {
    const loadInline = async () => {
      throw new Error("away");
    };
    await expect(create({ loadInline }).find("other")).rejects.toMatchObject({ code: "unknown_target" });
    await expect(create({ loadInline }).find("a~b")).rejects.toThrow("away");
  });

  it("names every target that cannot be made", () => {
    const configs = { a: { ...hook, secret: "hidden" }, b: { ...hook, url: "hidden" } };
    expect(() => create({ configs })).toThrow(ConfigurationError);
    expect(() => create({ configs })).toThrow(/target a: secret 1 must begin with whsec_\n.*target b: /);
    expect(() => create({ configs })).not.toThrow(/hidden/);
  });
});

describe("the configured targets", () => {
  const settings = {
    WEBHOOK_URL: new URL("https://hooks.slack.com/x"),
    WEBHOOK_KIND: undefined,
    WEBHOOK_SECRET: [],
    OPERATOR_TARGET: undefined,
  };

  it("are WEBHOOK_URL's and the project file's", () => {
    const project = { ...emptyProject, targets: { hook } };
    expect(toTargetConfigs(settings, project)).toEqual({
      hook,
      default: { kind: "slack", url: "https://hooks.slack.com/x" },
    });
    expect(toTargetConfigs({ ...settings, WEBHOOK_URL: undefined }, project)).toEqual({ hook });
  });

  it("have the operator's among them", () => {
    const read = (OPERATOR_TARGET: string) => () => toTargetConfigs({ ...settings, OPERATOR_TARGET }, emptyProject);
    expect(read("default")).not.toThrow();
    expect(read("toString")).toThrow("OPERATOR_TARGET: there is no target named toString; configured are: default");
  });
});
