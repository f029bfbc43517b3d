// What `npm run test:redis` runs after set-up and build: the end-to-end suite on Redis Sentinel, then on Redis Cluster.
// `sentinel` or `cluster` as the first argument runs it on that one alone; further arguments go to Jest.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startClusterRedis, startSentinelRedis } from "../packages/embedded-redis/dist/index.js";
import { exitLike, runChild } from "./run-child.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const JEST = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning", "node_modules/jest/bin/jest.js"];
const groups = { sentinel: startSentinelRedis, cluster: startClusterRedis };

const [first, ...others] = process.argv.slice(2);
const isOne = first !== undefined && Object.hasOwn(groups, first);
const kinds = isOne ? [first] : Object.keys(groups);
const jestArgs = isOne || first === undefined ? others : [first, ...others];

for (const kind of kinds) await testOn(kind);

async function testOn(kind) {
  const startedAt = Date.now();
  console.log(`\n> the end-to-end suite on Redis ${kind}`);
  const group = await groups[kind]({ directory: join(ROOT, ".hookline") });
  // TEST_REDIS_URL keeps Jest from starting a Redis of its own; nothing listens there, for the group is reached by name.
  const env = { ...process.env, ...group.env, TEST_REDIS_KIND: kind, TEST_REDIS_URL: "redis://127.0.0.1:1" };
  const args = [...JEST, ...(jestArgs.length > 0 ? jestArgs : ["test/e2e"])];
  const result = await runChild("node", args, { cwd: ROOT, env }).finally(() => group.stop());
  console.log(`test:redis: ${kind} ended in ${Math.round((Date.now() - startedAt) / 1000)} s`);
  if (result.code === 0) return;
  exitLike(result);
  await new Promise(() => {}); // a signal sent to oneself takes a moment to arrive
}
