import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./docker.mjs";

export const API_KEY = "compose-test-key";

/** demo.env with ports and keys of this test: a temporary file, so that the checkout's .env is neither read nor made. */
export async function createSettings() {
  const directory = await mkdtemp(join(tmpdir(), "hookline-compose-"));
  const file = join(directory, "test.env");
  const [port, inboxPort] = await freePorts(2);
  const overrides = {
    HOOKLINE_ENV_FILE: file,
    PORT: port,
    INBOX_PORT: inboxPort,
    API_KEYS: API_KEY,
    TARGET_ALLOWED_NETWORKS: "inbox",
    SCHEDULE_INTERVAL: 250,
    RESCHEDULE_INTERVAL: 500,
    WORKER_CONCURRENCY: "tasks=5,deliveries=5",
    COMPOSE_TEST_MARK: "reached",
  };
  const lines = Object.entries(overrides).map(([name, value]) => `${name}=${value}`);
  await writeFile(file, `${await readFile(join(ROOT, "demo.env"), "utf8")}\n${lines.join("\n")}\n`);
  return { file, port, inboxPort, remove: () => rm(directory, { recursive: true, force: true }) };
}

/** Ports nobody listens on; all are held until the last is found, so that they differ. */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(servers.map((server) => new Promise((resolve) => server.listen(0, "127.0.0.1", resolve))));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
