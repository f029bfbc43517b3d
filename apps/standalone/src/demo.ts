import { randomBytes } from "node:crypto";
import { errorMessage } from "@hookline/runtime";
import {
  type GithubSimulator,
  type Receiver,
  seedDemo,
  startGithubSimulator,
  startReceiver,
  toDigestText,
} from "@hookline/testing";
import { type AppProcess, startApp } from "./child.ts";
import { type DemoOptions, parseDemoOptions } from "./demo-options.ts";
import { choosePort, postTask, untilFailed, untilReady } from "./demo-steps.ts";
import { type UsedRedis, useRedis } from "./redis.ts";
import { untilSignal } from "./run-until-signal.ts";

/** Time for the first digest to arrive, ms: GitHub itself may be slow. */
const PATIENCE_MS = 60_000;
const SCHEDULE_MS = 1000;

/** `npm run demo`: everything in one terminal, the outside world simulated, one task shown from end to end. */
try {
  process.exit(await run(parseDemoOptions(process.argv.slice(2))));
} catch (error) {
  console.error(`The demo failed: ${errorMessage(error)}`);
  process.exit(1);
}

interface Stage {
  readonly redis: UsedRedis;
  readonly github: GithubSimulator | undefined;
  readonly inbox: Receiver;
  readonly apps: readonly AppProcess[];
  readonly address: string;
}

async function run(options: DemoOptions): Promise<number> {
  const signalled = untilSignal();
  const stage = await setUp(options);
  try {
    await untilReady(stage.address, stage.apps);
    const taskId = await postTask(stage.address, options);
    console.log(`\nPosted the task ${taskId}; its digest is due in ${SCHEDULE_MS} ms.\n`);
    await untilArrived(stage, taskId);
    console.log(`\n${addresses(stage)}\n`);
    if (options.isOnce) return 0;
    console.log("Ctrl-C ends the demo.");
    await signalled;
    return 0;
  } finally {
    await tearDown(stage);
  }
}

/** Resolves with the first digest. @throws Error saying what became of the task instead. */
async function untilArrived({ inbox, address }: Stage, taskId: string): Promise<void> {
  const arrived = inbox.waitFor(1, PATIENCE_MS);
  const failed = untilFailed(address, taskId, arrived).then((reason) => Promise.reject(new Error(reason)));
  await Promise.race([arrived, failed]);
}

async function setUp(options: DemoOptions): Promise<Stage> {
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const redis = await useRedis(process.env.REDIS_URL, false);
  const inbox = await startReceiver({ secret, onReceived: ({ json, verified }) => show(json, verified === true) });
  const github = options.isLive ? undefined : await startSimulator();
  const port = await choosePort(4001);
  const env: NodeJS.ProcessEnv = {
    ...(github === undefined ? {} : { API_URL: github.url, API_TOKEN: "demo-token" }),
    ...systemEnvironment(),
    REDIS_URL: redis.url,
    QUEUE_PREFIX: "{hookline-demo}",
    WEBHOOK_URL: inbox.url,
    WEBHOOK_SECRET: secret,
    SCHEDULE_INTERVAL: String(SCHEDULE_MS),
    PORT: String(port),
    WORKER_PORT: "0",
    LOG_FORMAT: "text",
    LOG_LEVEL: process.env.LOG_LEVEL ?? "error",
  };
  console.log(
    `Redis: ${redis.source}; GitHub: ${github === undefined ? "the real one" : "simulated"}; inbox: ${inbox.url}`,
  );
  const apps = [startApp("ingest", env), startApp("worker", env), startApp("worker", env)];
  return { redis, github, inbox, apps, address: `http://127.0.0.1:${port}` };
}

/** What a process needs of ours, and the user's own GitHub token for `--live`. */
function systemEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, API_TOKEN, NODE_EXTRA_CA_CERTS, HTTPS_PROXY } = process.env;
  return Object.fromEntries(
    Object.entries({ PATH, HOME, API_TOKEN, NODE_EXTRA_CA_CERTS, HTTPS_PROXY }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

async function startSimulator(): Promise<GithubSimulator> {
  const simulator = await startGithubSimulator({ tokens: ["demo-token"] });
  seedDemo(simulator);
  return simulator;
}

function show(digest: unknown, isVerified: boolean): void {
  console.log(
    `The inbox received a digest (signature ${isVerified ? "verified" : "NOT verified"}):\n\n${toDigestText(digest)}`,
  );
}

function addresses({ address }: Stage): string {
  return [`API    ${address}/tasks`, `Docs   ${address}/docs`, `Board  ${address}/board`].join("\n");
}

async function tearDown(stage: Stage): Promise<void> {
  await Promise.all(stage.apps.map((app) => app.stop()));
  await Promise.all([stage.inbox.stop(), stage.github?.stop(), stage.redis.stop()]);
}
