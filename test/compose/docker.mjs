import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout: where docker-compose.yml is. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Long enough for a build with empty caches. */
const TIMEOUT_MS = 600_000;

/** What Compose would take from this shell instead of the test's own file. */
const OURS = /^(COMPOSE_.*|HOOKLINE_ENV_FILE|INBOX_PORT|PORT|PUBLISH_HOST|REDIS_URL|WEBHOOK_SECRET)$/;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));

const running = new Set();

/**
 * Runs `docker` in the checkout and returns what it wrote on standard output.
 *
 * @throws Error with the end of what it wrote on standard error
 */
export function docker(...args) {
  const options = { cwd: ROOT, env, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    const child = execFile("docker", args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim());
      else reject(new Error(`docker ${args.join(" ")}: ${lastLines(stderr) || error.message}`));
    });
    running.add(child);
    child.once("close", () => running.delete(child));
  });
}

/** Ends the commands under way and waits until they have: one that went on could create what was just removed. */
export async function stopCommands() {
  await Promise.all(
    [...running].map((child) => {
      const closed = new Promise((resolve) => child.once("close", resolve));
      child.kill();
      return closed;
    }),
  );
}

function lastLines(text) {
  return text.trim().split("\n").slice(-15).join("\n");
}

/** The lines that `docker` printed, empty ones left out. */
export async function dockerLines(...args) {
  return (await docker(...args)).split("\n").filter((line) => line !== "");
}
