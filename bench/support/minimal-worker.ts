/**
 * The least that delivers: a BullMQ worker that posts the same bytes, with node:http over kept connections, and does
 * nothing else. REDIS_URL, QUEUE_PREFIX, CONCURRENCY and BODY_FILE come from the environment; a job's data is
 * `{url}`.
 */
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { Worker } from "bullmq";
import { Redis } from "ioredis";

const { REDIS_URL = "", QUEUE_PREFIX = "", CONCURRENCY = "200", BODY_FILE = "" } = process.env;
const body = readFileSync(BODY_FILE);
const agent = new Agent({ keepAlive: true });
const connection = new Redis(REDIS_URL, { maxRetriesPerRequest: null });

const worker = new Worker<{ url: string }>("minimal", ({ data }) => post(data.url), {
  connection,
  prefix: QUEUE_PREFIX,
  concurrency: Number(CONCURRENCY),
});
await worker.waitUntilReady();
process.stdout.write("minimal.ready\n");
process.once("SIGTERM", () => process.exit(0));

function post(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": body.length };
    const sent = request(url, { method: "POST", agent, headers }, (response) => {
      response.resume();
      response.once("end", resolve).once("error", reject);
    });
    sent.once("error", reject).end(body);
  });
}
