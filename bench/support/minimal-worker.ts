/**
 * The least that works a queue and posts: a BullMQ worker that posts the same bytes for every job with node:http over
 * connections kept alive, the job's id as `webhook-id`, and does nothing else. A baseline.
 * Environment: REDIS_URL, PREFIX, URL, BODY (path of a file), CONCURRENCY (default 200). Prints `ready` when it works.
 */
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { Worker } from "bullmq";
import { Redis } from "ioredis";

const { REDIS_URL = "", PREFIX = "", URL: url = "", BODY = "", CONCURRENCY = "200" } = process.env;
const body = readFileSync(BODY);
const agent = new Agent({ keepAlive: true, maxSockets: Number(CONCURRENCY) });
const connection = new Redis(REDIS_URL, { maxRetriesPerRequest: null });
const worker = new Worker("minimal", ({ id }) => post(id ?? ""), {
  connection,
  prefix: PREFIX,
  concurrency: Number(CONCURRENCY),
  removeOnComplete: { count: 50_000 },
});
await worker.waitUntilReady();
console.log("ready");

process.once("SIGTERM", async () => {
  await worker.close();
  agent.destroy();
  connection.disconnect();
});

function post(id: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": body.length, "webhook-id": id };
    const outgoing = request(url, { method: "POST", headers, agent }, (response) => {
      response.resume().on("end", () => (response.statusCode === 200 ? resolve() : reject(new Error("refused"))));
    });
    outgoing.once("error", reject).end(body);
  });
}
