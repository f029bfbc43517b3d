import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { targetKindNames } from "@hookline/contracts";
import { describe, expect, it } from "@jest/globals";
import { loadProject } from "./index.ts";

const path = fileURLToPath(new URL("../../../config/hookline.example.yaml", import.meta.url));
const text = readFileSync(path, "utf8");
const names = [...text.replaceAll(/^\s*#.*$/gm, "").matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? "");
const env = Object.fromEntries(names.map((name) => [name, toValue(name)]));

function toValue(name: string): string {
  if (name.endsWith("_URL")) return `https://example.com/${name}`;
  return name === "AUDIT_SECRET" ? `whsec_${Buffer.alloc(32, 1).toString("base64")}` : `value-of-${name}`;
}

describe("config/hookline.example.yaml", () => {
  it("is right, and shows every kind of target and an inbox", () => {
    const { targets, inboxes } = loadProject({ path, env, isTargetSecretNeeded: true });
    const kinds = new Set(Object.values(targets).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([...targetKindNames].sort());
    expect(inboxes).toEqual({ leto: { token: "value-of-BASECAMP_INBOX", deliver: ["team-threads", "flow"] } });
  });

  it("asks ingest for the inbox's token only", () => {
    const { BASECAMP_INBOX } = env;
    expect(() => loadProject({ path, env: { BASECAMP_INBOX }, isTargetSecretNeeded: false })).not.toThrow();
    expect(() => loadProject({ path, env: {}, isTargetSecretNeeded: false })).toThrow("BASECAMP_INBOX is not set");
    expect(() => loadProject({ path, env: {}, isTargetSecretNeeded: true })).toThrow("SLACK_BOT_TOKEN is not set");
  });
});
