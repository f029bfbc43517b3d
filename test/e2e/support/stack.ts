import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Task } from "@hookline/contracts";
import {
  freePort,
  type GithubSimulator,
  type Receiver,
  type SpawnedNode,
  spawnNode,
  startGithubSimulator,
  startReceiver,
  waitUntil,
} from "@hookline/testing";
import { type RedisEnvironment, testRedis } from "./redis.ts";

export const GITHUB_TOKEN = "ghp_end_to_end_token";
export const SIGNING_SECRET = `whsec_${randomBytes(32).toString("base64")}`;

export interface StackOptions {
  /** Variables over the defaults of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  readonly workers?: number;
  /** Where Redis is; default: the one that all tests share. */
  readonly redis?: RedisEnvironment;
  /** One server of the test's own. */
  readonly redisUrl?: string;
  /** The project file's text. */
  readonly project?: string;
}

/** Ingest and workers as real processes, with GitHub and the webhook simulated in this one. */
export interface Stack {
  readonly address: string;
  readonly github: GithubSimulator;
  readonly receiver: Receiver;
  readonly ingest: SpawnedNode;
  readonly workers: readonly SpawnedNode[];
  readonly env: Readonly<Record<string, string>>;
  request(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }>;
  /** Posts a task and returns it as it was accepted. */
  post(body: unknown): Promise<Task & { duplicate: boolean }>;
  task(id: string): Promise<Task>;
  /** Waits until the task has one of the statuses. */
  untilStatus(id: string, statuses: Task["status"] | readonly Task["status"][], timeoutMs?: number): Promise<Task>;
  /** Starts one more replica; `overrides` are variables of its own. */
  addWorker(overrides?: Readonly<Record<string, string>>): Promise<SpawnedNode>;
  stop(): Promise<void>;
}

/** Generous: many processes may be starting on a small machine. */
const START_TIMEOUT_MS = 60_000;
const PATH = (app: string) => fileURLToPath(new URL(`../../../apps/${app}/dist/main.js`, import.meta.url));

export async function startStack({
  env: overrides = {},
  workers: count = 1,
  redisUrl,
  redis = redisUrl === undefined ? testRedis() : { REDIS_URL: redisUrl },
  project,
}: StackOptions = {}): Promise<Stack> {
  const github = await startGithubSimulator({ tokens: [GITHUB_TOKEN] });
  const receiver = await startReceiver({ secret: SIGNING_SECRET });
  const directory = await mkdtemp(join(tmpdir(), "hookline-e2e-"));
  if (project !== undefined) await writeFile(join(directory, "hookline.yaml"), project);
  const config = project === undefined ? {} : { HOOKLINE_CONFIG: join(directory, "hookline.yaml") };
  const env = toEnvironment(github, receiver, redis, await freePort(), { ...config, ...overrides });
  const address = `http://127.0.0.1:${env.PORT}`;
  const ingest = spawnNode({ args: [PATH("ingest")], env });
  const workers: SpawnedNode[] = [];
  const addWorker: Stack["addWorker"] = async (ownEnv = {}) => {
    const worker = spawnNode({ args: [PATH("worker")], env: { ...env, ...ownEnv } });
    workers.push(worker);
    await worker.waitForLine("worker.started", START_TIMEOUT_MS);
    return worker;
  };
  const stop = async () => {
    await Promise.all([ingest, ...workers].map((app) => app.stop()));
    await Promise.all([github.stop(), receiver.stop(), rm(directory, { recursive: true, force: true })]);
  };
  try {
    await Promise.all([
      ingest.waitForLine("ingest.listening", START_TIMEOUT_MS),
      ...Array.from({ length: count }, () => addWorker()),
    ]);
    await waitUntil(() => fetch(`${address}/readyz`).then(({ ok }) => ok), { what: "ingest is ready" });
  } catch (error) {
    await stop();
    throw error;
  }
  const client = createClient(address, env.API_KEYS);
  return { address, github, receiver, ingest, workers, env, ...client, addWorker, stop };
}

function toEnvironment(
  github: GithubSimulator,
  receiver: Receiver,
  redis: RedisEnvironment,
  port: number,
  overrides: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...redis,
    QUEUE_PREFIX: `{e2e-${randomBytes(6).toString("hex")}}`,
    API_URL: github.url,
    API_TOKEN: GITHUB_TOKEN,
    WEBHOOK_URL: `${receiver.url}/hook`,
    WEBHOOK_SECRET: SIGNING_SECRET,
    SCHEDULE_INTERVAL: "0",
    RESCHEDULE_INTERVAL: "200",
    PORT: String(port),
    WORKER_PORT: "0",
    ...overrides,
  };
}

function createClient(address: string, apiKeys: string | undefined) {
  const authorization = apiKeys === undefined ? {} : { authorization: `Bearer ${apiKeys}` };
  const request: Stack["request"] = async (method, path, body) => {
    const payload =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json", ...authorization } };
    const response = await fetch(address + path, { method, headers: authorization, ...payload });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
  };
  const post: Stack["post"] = async (body) => {
    const answer = await request("POST", "/tasks", body);
    if (answer.status !== 202) throw new Error(`POST /tasks answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body as unknown as Task & { duplicate: boolean };
  };
  const task: Stack["task"] = async (id) => (await request("GET", `/tasks/${id}`)).body as unknown as Task;
  const untilStatus: Stack["untilStatus"] = async (id, statuses, timeoutMs = 15_000) => {
    let last: Task | undefined;
    const isReached = async () => {
      last = await task(id);
      return [statuses].flat().includes(last.status) ? last : undefined;
    };
    return waitUntil(isReached, { what: `task ${id} is ${String(statuses)}`, timeoutMs }).catch((error: Error) => {
      throw new Error(`${error.message}; it is ${JSON.stringify(last)}`);
    }) as Promise<Task>;
  };
  return { request, post, task, untilStatus };
}
