import { existsSync } from "node:fs";
import { errorMessage } from "@hookline/runtime";
import { startApp } from "./child.ts";
import { useRedis } from "./redis.ts";
import { untilSignal } from "./run-until-signal.ts";

/** `npm start`: ingest, one worker and, unless REDIS_URL names one, a private Redis, in one terminal. */
try {
  process.exitCode = await run();
} catch (error) {
  console.error(errorMessage(error));
  process.exitCode = 1;
}

async function run(): Promise<number> {
  if (existsSync(".env")) process.loadEnvFile(".env");
  const signalled = untilSignal();
  const redis = await useRedis(process.env.REDIS_URL, true);
  console.log(`Redis: ${redis.source}`);
  const env: NodeJS.ProcessEnv = { LOG_FORMAT: "text", ...process.env, REDIS_URL: redis.url };
  console.log(`API, docs and board: http://localhost:${env.PORT ?? 4001}/tasks, /docs, /board`);
  const apps = [startApp("ingest", env), startApp("worker", env)];
  const ended = Promise.race(apps.map(async (app) => ({ name: app.name, code: await app.exited })));
  const first = await Promise.race([signalled, ended]);
  await Promise.all(apps.map((app) => app.stop()));
  await redis.stop();
  if (typeof first === "string") return 0;
  console.error(`${first.name} ended by itself (exit code ${first.code}); the rest was stopped`);
  return 1;
}
