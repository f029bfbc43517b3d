import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, type SpawnedNode, spawnNode } from "@hookline/testing";

const START_TIMEOUT_MS = 30_000;

export interface MinimalOptions {
  readonly redisUrl: string;
  /** Where every job is posted. */
  readonly url: string;
  /** What is posted. */
  readonly body: Uint8Array;
  /** Jobs at once; default 200. */
  readonly concurrency?: number;
}

/** The least that takes tasks and posts: what Hookline is compared with. */
export interface Minimal {
  readonly address: string;
  readonly prefix: string;
  readonly ingest: SpawnedNode;
  readonly worker: SpawnedNode;
  stop(): Promise<void>;
}

/** Starts the minimal ingest and the minimal worker as processes of their own. */
export async function startMinimal({ redisUrl, url, body, concurrency = 200 }: MinimalOptions): Promise<Minimal> {
  const directory = await mkdtemp(join(tmpdir(), "hookline-bench-"));
  const bodyFile = join(directory, "body");
  await writeFile(bodyFile, body);
  const port = await freePort();
  const prefix = `{minimal-${randomBytes(4).toString("hex")}}`;
  const env = { REDIS_URL: redisUrl, PREFIX: prefix, NODE_ENV: "production" };
  const ingest = spawnSource("minimal-ingest", { ...env, PORT: String(port) });
  const worker = spawnSource("minimal-worker", { ...env, URL: url, BODY: bodyFile, CONCURRENCY: String(concurrency) });
  await Promise.all([ingest.waitForLine("ready", START_TIMEOUT_MS), worker.waitForLine("ready", START_TIMEOUT_MS)]);
  return {
    address: `http://127.0.0.1:${port}`,
    prefix,
    ingest,
    worker,
    async stop() {
      await Promise.all([ingest.stop(), worker.stop()]);
      await rm(directory, { recursive: true });
    },
  };
}

/** Runs a program of this folder. */
export function spawnSource(name: string, env: Record<string, string>): SpawnedNode {
  return spawnNode({ args: ["--import", "tsx", fileURLToPath(new URL(`${name}.ts`, import.meta.url))], env });
}
