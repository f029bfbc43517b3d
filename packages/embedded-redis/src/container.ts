import type { RedisImage, SearchOptions } from "./found-redis.ts";
import { findProgram } from "./programs.ts";
import { run } from "./run.ts";

const IMAGE = "redis:7-bookworm";
const ANSWER_TIMEOUT_MS = 5_000;
const PULL_TIMEOUT_MS = 300_000;

/** With a working Docker: the official Redis image, pulled when missing. `undefined` without Docker. */
export async function findImage({ log, env }: SearchOptions): Promise<RedisImage | undefined> {
  const docker = await findProgram(["docker"], env);
  if (!docker) return undefined;
  await run(docker, ["version", "--format", "{{.Server.Version}}"], { env, timeoutMs: ANSWER_TIMEOUT_MS });
  if (!(await hasImage(docker, env))) {
    log(`No Redis on this machine: pulling the image ${IMAGE} (once)…`);
    await run(docker, ["pull", "--quiet", IMAGE], { env, timeoutMs: PULL_TIMEOUT_MS });
  }
  return { kind: "image", docker, image: IMAGE, env, source: "container" };
}

async function hasImage(docker: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return run(docker, ["image", "inspect", IMAGE], { env }).then(
    () => true,
    () => false,
  );
}
