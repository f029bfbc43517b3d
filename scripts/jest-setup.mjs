import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PACKAGE = join(ROOT, "packages", "embedded-redis", "dist", "index.js");

/** Gives every test a real Redis in TEST_REDIS_URL: the one named there or in REDIS_URL, else one of our own. */
export default async function setUp() {
  const given = process.env.TEST_REDIS_URL || process.env.REDIS_URL;
  process.env.TEST_REDIS_URL = given || (await startRedis());
}

async function startRedis() {
  if (!existsSync(PACKAGE))
    throw new Error("The packages are not built: run `npm run build` first, or use `npm test`.");
  const { startEmbeddedRedis } = await import(pathToFileURL(PACKAGE).href);
  const log = (sentence) => console.error(sentence);
  const redis = await startEmbeddedRedis({ directory: join(ROOT, ".hookline"), persistent: false, log });
  globalThis.hooklineTestRedis = redis;
  return redis.url;
}
