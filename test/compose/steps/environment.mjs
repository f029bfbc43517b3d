import { deepEqual, equal, rejects } from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { docker, ROOT } from "../docker.mjs";

/** What Compose makes of docker-compose.yml beside a .env of that text. */
async function resolve(dotenv) {
  const directory = await mkdtemp(join(tmpdir(), "hookline-dotenv-"));
  try {
    if (dotenv !== undefined) await writeFile(join(directory, ".env"), dotenv);
    const file = join(ROOT, "docker-compose.yml");
    return JSON.parse(
      await docker("compose", "--project-directory", directory, "-f", file, "config", "--format", "json"),
    ).services;
  } finally {
    await rm(directory, { recursive: true });
  }
}

export async function ordinaryUpIsQuiet() {
  const services = await resolve(undefined);
  deepEqual(Object.keys(services).sort(), ["ingest", "redis", "worker"]);
  for (const { environment } of [services.ingest, services.worker]) {
    deepEqual(Object.keys(environment).sort(), ["HOST", "PORT", "REDIS_URL", "WORKER_PORT"]);
    equal(environment.REDIS_URL, "redis://redis:6379");
  }
  equal(services.ingest.ports[0].host_ip, "127.0.0.1");
  equal(services.worker.ports, undefined);
}

export async function everyVariableReachesBoth(stack) {
  await dotenvWins();
  const containers = [...(await stack.running("ingest")), ...(await stack.running("worker"))];
  for (const id of containers) equal(await docker("exec", id, "printenv", "COMPOSE_TEST_MARK"), "reached");
  const { body } = await stack.api.postTask({ targets: [{ kind: "webhook", url: "http://inbox:8080/variables" }] });
  equal(Date.parse(body.runAt) - Date.parse(body.createdAt), 250, "SCHEDULE_INTERVAL was not followed");
  return `${containers.length} containers, and .env by the same rules`;
}

/** The example cannot start without its variables: that they are missed, by line, shows that the file is read. */
export async function projectFileIsRead(stack) {
  const env = ["-e", "HOOKLINE_CONFIG=config/hookline.example.yaml", "-e", "PORT=0", "-e", "WORKER_PORT=0"];
  for (const service of ["ingest", "worker"]) {
    const [id] = await stack.running(service);
    await rejects(
      docker("exec", ...env, id, "node", `apps/${service}/dist/main.js`),
      /config\/hookline\.example\.yaml:\d+:\d+ .*BASECAMP_INBOX/,
    );
  }
}

async function dotenvWins() {
  const dotenv = "LOG_LEVEL=debug\nPORT=4100\nHOST=127.0.0.1\nREDIS_URL=redis://elsewhere:6380\nPUBLISH_HOST=0.0.0.0\n";
  const { ingest, worker } = await resolve(dotenv);
  for (const { environment } of [ingest, worker]) {
    const { LOG_LEVEL, REDIS_URL, HOST, PORT } = environment;
    deepEqual(
      { LOG_LEVEL, REDIS_URL, HOST, PORT },
      { LOG_LEVEL: "debug", REDIS_URL: "redis://elsewhere:6380", HOST: "0.0.0.0", PORT: "4001" },
    );
  }
  const [{ host_ip: address, published, target }] = ingest.ports;
  deepEqual([address, published, target], ["0.0.0.0", "4100", 4001]);
}
