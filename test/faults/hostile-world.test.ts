import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Attempt, Task } from "@hookline/contracts";
import {
  createAuthority,
  type GithubSimulator,
  type HostileName,
  type HostileServer,
  hostileBehaviours,
  type SpawnedNode,
  startGithubSimulator,
  startHostileServer,
  startTlsServer,
  type TlsFlaw,
  type TlsServer,
  tlsFlaws,
  waitUntil,
} from "@hookline/testing";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { GITHUB_TOKEN, type Stack, startStack } from "../e2e/support/stack.ts";
import { note } from "./support/ledger.ts";
import { readProcess } from "./support/process-facts.ts";

const API_KEY = "hostile-world-api-key";
const TIMEOUT_MS = 2000;
const WARM_UP = 40;
const MEGABYTE = 1024 * 1024;

/** What is said of a delivery to each; those that are not listed are delivered, for their answer was a 200. */
const SAYS: Partial<Record<HostileName | TlsFlaw, RegExp>> = {
  silent: /did not answer within 2000 ms/,
  "slow-headers": /did not answer within 2000 ms/,
  "slow-body": /did not answer within 2000 ms/,
  "endless-interim": /did not answer within 2000 ms/,
  "endless-headers": /Headers Overflow/i,
  "closed-at-once": /other side closed|reset/i,
  "reset-at-once": /reset|other side closed/i,
  "reset-after-headers": /terminated|reset|other side closed/i,
  truncated: /other side closed|terminated|does not match/i,
  "truncated-chunks": /other side closed|terminated/i,
  "broken-chunks": /Invalid character in chunk size\)$/i,
  "two-lengths": /content-length|parse/i,
  "not-http": /protocol \(Expected HTTP.*\)$/i,
  "redirect-loop": /the target answered 301/,
  "redirect-to-metadata": /the target answered 301/,
  "redirect-to-file": /the target answered 301/,
  expired: /expired/i,
  "wrong-host": /IP: 127\.0\.0\.1 is not in the cert|altnames/i,
  "self-signed": /self-signed/i,
  "unknown-authority": /self-signed certificate in certificate chain|issuer/i,
  "broken-chain": /unable to verify the first certificate/i,
  "old-protocol": /reached: tlsv1 alert protocol version \(ERR_SSL/i,
  "plain-http": /reached: (wrong version number|packet length too long) \(ERR_SSL/i,
  "hangs-in-handshake": /did not answer within 2000 ms|Connect Timeout/i,
};
/** These hold the client for as long as it lets them, which is 30 s and 60 s with GitHub: their test is elsewhere. */
const SLOW: readonly string[] = ["silent", "slow-headers", "slow-body", "endless-interim"];

describe("while half the world is hostile", () => {
  let stack: Stack;
  let github: GithubSimulator;
  let hostile: HostileServer;
  let tls: readonly (readonly [TlsFlaw, TlsServer])[];
  let directory: string;
  let worker: SpawnedNode;
  const names = Object.keys(hostileBehaviours) as HostileName[];
  const fine = { username: "octocat", repository: "fine" };

  beforeAll(async () => {
    github = await startGithubSimulator({ tokens: [GITHUB_TOKEN] });
    github.addRepository({ owner: "octocat", name: "fine" });
    hostile = await startHostileServer({ upstream: github.url });
    const authority = createAuthority();
    tls = await Promise.all(tlsFlaws.map(async (flaw) => [flaw, await startTlsServer(flaw, authority)] as const));
    directory = await mkdtemp(join(tmpdir(), "hookline-hostile-"));
    await writeFile(join(directory, "authority.pem"), authority.cert);
    stack = await startStack({
      env: {
        API_URL: hostile.url,
        API_KEYS: API_KEY,
        TARGET_ALLOWED_NETWORKS: "127.0.0.0/8",
        TARGET_TIMEOUT: String(TIMEOUT_MS),
        RETRY_MAX_ATTEMPTS: "1",
        NODE_EXTRA_CA_CERTS: join(directory, "authority.pem"),
      },
    });
    const [first] = stack.workers;
    if (first === undefined) throw new Error("no worker was started");
    worker = first;
    for (let index = 0; index < WARM_UP; index += 1) await stack.post(toFine(`${stack.receiver.url}/warm/${index}`));
    await stack.receiver.waitFor(WARM_UP);
  });
  afterAll(async () => {
    await stack.stop();
    await Promise.all([hostile.stop(), github.stop(), ...tls.map(([, server]) => server.stop())]);
    await rm(directory, { recursive: true });
  });

  const toFine = (url: string) => ({ ...fine, targets: [{ kind: "webhook", url }] });

  const posts: { readonly path: string; readonly at: number }[] = [];
  /** A good target's tasks, ten a second, until told to stop. */
  async function keepPosting(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const path = `/good/${posts.length}`;
      posts.push({ path, at: Date.now() });
      await stack.post(toFine(stack.receiver.url + path));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  it("every hostile answer is told for what it is, and a good target gets its messages meanwhile", async () => {
    const over = new AbortController();
    const posting = keepPosting(over.signal);
    const { toTargets, ofGithub } = await provoke(1);
    const told = await Promise.all(toTargets.map(([name, { id }]) => toTold(name, id)));
    expect(told).toEqual(told.map(({ name }) => toExpected(name)));
    for (const [name, { id }] of ofGithub) {
      const { error } = await stack.untilStatus(id, "failed", 30_000);
      const isElsewhere = name === "redirect-to-metadata" || name === "redirect-to-file";
      expect({ name, code: error?.code }).toEqual({
        name,
        code: isElsewhere ? "repository_unavailable" : "github_unavailable",
      });
    }
    over.abort();
    await posting;
    const delays = await delaysOfGood();
    note("a good target beside hostile ones", {
      accepted: posts.length,
      delivered: delays.length,
      repeated: stack.receiver.repeated(),
      lost: posts.length - delays.length,
    });
    // Whoever had to wait for a hostile one would have waited for its time limit, twice.
    expect(delays[Math.floor(delays.length / 2)]).toBeLessThan(TIMEOUT_MS / 2);
    expect(delays.at(-1)).toBeLessThan(3 * TIMEOUT_MS);
    // Nothing was sent over a connection that could not be trusted.
    for (const [flaw, { received }] of tls)
      if (flaw !== "good") expect({ flaw, received }).toEqual({ flaw, received: 0 });
  }, 90_000);

  it("and neither memory nor sockets grow when all of that happens again", async () => {
    // A heap grows over the first few times and shrinks when it likes: what is kept for good shows after them.
    await provokeAgain([2, 3]);
    const base = readProcess(worker);
    await provokeAgain([4, 5]);
    const { peakBytes } = readProcess(worker);
    const figures = `at most ${toMegabytes(base.peakBytes)} MB in three rounds, ${toMegabytes(peakBytes)} MB in five`;
    note("a worker among hostile servers", figures);
    expect(peakBytes).toBeLessThan(1.15 * base.peakBytes + 30 * MEGABYTE);
    const areClosed = () => readProcess(worker).sockets <= base.sockets + 2;
    await waitUntil(areClosed, { what: "no more sockets than after three rounds", timeoutMs: 40_000 });
  }, 150_000);

  async function provokeAgain(rounds: readonly number[]): Promise<void> {
    for (const round of rounds) {
      const { toTargets, ofGithub } = await provoke(round);
      for (const [, { id }] of [...toTargets, ...ofGithub])
        await stack.untilStatus(id, ["delivered", "failed"], 45_000);
    }
  }

  /** Posts a task to every hostile target and of every hostile repository; another round has lanes of its own. */
  async function provoke(round: number) {
    const [toHostile, toTls, ofGithub] = await Promise.all([
      Promise.all(
        names.map(async (name) => [name, await stack.post(toFine(`${hostile.url}/${name}?${round}`))] as const),
      ),
      Promise.all(tls.map(async ([flaw, { url }]) => [flaw, await stack.post(toFine(`${url}/?${round}`))] as const)),
      Promise.all(
        names
          .filter((name) => !SLOW.includes(name))
          .map(async (name) => [name, await stack.post({ username: "octocat", repository: name })] as const),
      ),
    ]);
    return { toTargets: [...toHostile, ...toTls], ofGithub };
  }

  async function toTold(name: HostileName | TlsFlaw, id: string) {
    const task = await stack.untilStatus(id, ["delivered", "failed"], 45_000);
    const attempts = await readAttempts(task);
    return {
      name,
      status: task.status,
      code: task.error?.code ?? null,
      says: attempts.at(-1)?.error ?? null,
      attempts: attempts.length,
      isInTime: attempts.every(({ durationMs }) => durationMs < TIMEOUT_MS + 1000),
    };
  }

  async function readAttempts(task: Task): Promise<readonly Attempt[]> {
    const { body } = await stack.request("GET", `/deliveries/${task.deliveries[0]?.id}`);
    return body.attempts as readonly Attempt[];
  }

  function toExpected(name: HostileName | TlsFlaw) {
    const says = SAYS[name];
    if (says === undefined) return { name, status: "delivered", code: null, says: null, attempts: 1, isInTime: true };
    const code = name.startsWith("redirect") ? "target_refused" : "target_unreachable";
    return { name, status: "failed", code, says: expect.stringMatching(says), attempts: 2, isInTime: true };
  }

  async function delaysOfGood(): Promise<number[]> {
    const wanted = new Set(posts.map(({ path }) => path));
    const received = await stack.receiver.waitFor(wanted.size, 15_000, ({ path }) => wanted.has(path));
    const at = new Map(received.map((request) => [request.path, request.at]));
    return posts.map((post) => (at.get(post.path) ?? Number.NaN) - post.at).sort((a, b) => a - b);
  }
});

function toMegabytes(bytes: number): number {
  return Math.round(bytes / MEGABYTE);
}
