import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { freePort } from "./free-port.ts";
import { spawnNode } from "./process.ts";

const SECRET = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
const TSX = ["--conditions=@hookline/source", "--import", "tsx"];
const toArgs = (file: string) => [...TSX, fileURLToPath(new URL(file, import.meta.url))];

test("a process sees only the given environment, and its lines can be waited for", async () => {
  process.env.HOOKLINE_LEAK = "1";
  const script =
    "console.log('env', Object.keys(process.env).sort().join()); console.error('to stderr 42'); process.exit(3)";
  const child = spawnNode({ args: ["-e", script], env: { GIVEN: "1" } });
  delete process.env.HOOKLINE_LEAK;
  expect((await child.waitForLine(/stderr (\d+)/))[1]).toBe("42");
  expect(await child.exited).toEqual({ code: 3, signal: null });
  expect(child.stdout).toContain("GIVEN");
  expect(child.stdout).not.toContain("HOOKLINE_LEAK");
  await expect(child.waitForLine("never")).rejects.toThrow(/ended.*never/);
});

test("a process is killed by the signal asked for", async () => {
  const child = spawnNode({ args: ["-e", "setInterval(() => {}, 1000); console.log('up')"] });
  await child.waitForLine("up");
  child.kill("SIGKILL");
  expect(await child.exited).toEqual({ code: null, signal: "SIGKILL" });
  expect(await child.stop()).toEqual({ code: null, signal: "SIGKILL" });
});

test("the GitHub simulator's process serves the demo repository and leaves with 0 at SIGTERM", async () => {
  const PORT = String(await freePort());
  const child = spawnNode({ args: toArgs("./github-simulator-main.ts"), env: { PORT, HOST: "127.0.0.1" } });
  await child.waitForLine(/octocat\/hello-world listening on/);
  expect((await fetch(`http://127.0.0.1:${PORT}/healthz`)).status).toBe(200);
  const issues = (await (await fetch(`http://127.0.0.1:${PORT}/repos/octocat/hello-world/issues`)).json()) as object[];
  expect(issues.filter((issue) => "pull_request" in issue)).toHaveLength(3);
  expect(issues).toHaveLength(15);
  expect(await child.stop()).toEqual({ code: 0, signal: null });
});

test("the inbox's process prints what it receives, keeps it, and marks repeats", async () => {
  const PORT = String(await freePort());
  const env = { PORT, HOST: "127.0.0.1", WEBHOOK_SECRET: SECRET };
  const child = spawnNode({ args: toArgs("./inbox-main.ts"), env });
  await child.waitForLine("Inbox listening");
  const at = new Date();
  const body = JSON.stringify({
    type: "repository.digest",
    user: "octocat",
    repository: "hello-world",
    stats: { stars: 7 },
  });
  const headers = {
    "content-type": "application/json",
    "webhook-id": "msg_1",
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(SECRET).sign("msg_1", at, body),
  };
  for (const _ of [1, 2]) await fetch(`http://127.0.0.1:${PORT}/`, { method: "POST", headers, body });
  await child.waitForLine("signature good, repeated");
  await child.waitForLine("stars 7");
  expect(await (await fetch(`http://127.0.0.1:${PORT}/messages`)).json()).toMatchObject([
    { verified: true, isRepeat: false, body: { user: "octocat" } },
    { isRepeat: true },
  ]);
  expect(await child.stop()).toEqual({ code: 0, signal: null });
});
