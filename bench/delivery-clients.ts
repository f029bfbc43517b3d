/**
 * Which HTTP client carries deliveries: got beside undici beside node:http, posting 1 KiB to a receiver on loopback
 * that answers at once, 64 at a time. Alternating runs in one process; ratios to node:http.
 *
 *   npm run bench:clients [-- --json]
 */
import { createServer, Agent as HttpAgent, request as httpRequest } from "node:http";
import got from "got";
import { Agent, request } from "undici";

const POSTS = 3000;
const AT_ONCE = 64;
const RUNS = 5;
const BODY = Buffer.from(JSON.stringify({ text: "x".repeat(1000) }));
const HEADERS = { "content-type": "application/json" };

const server = createServer((incoming, response) => {
  incoming.resume().on("end", () => response.end("ok"));
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = server.address();
const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`;
const agent = new HttpAgent({ keepAlive: true, maxSockets: AT_ONCE });
const dispatcher = new Agent({ connections: AT_ONCE });

const clients = {
  "node:http": postWithHttp,
  undici: async () => {
    const { body } = await request(url, { method: "POST", headers: HEADERS, body: BODY, dispatcher });
    await body.dump();
  },
  got: async () =>
    void (await got.post(url, { body: BODY, headers: HEADERS, agent: { http: agent }, retry: { limit: 0 } })),
} satisfies Record<string, () => Promise<void>>;

const rates: Record<string, number[]> = {};
for (let run = 0; run < RUNS; run += 1) {
  for (const [name, post] of Object.entries(clients)) rates[name] = [...(rates[name] ?? []), await rate(post)];
}
const baseline = median(rates["node:http"] ?? []);
const rows = Object.entries(rates).map(([client, values]) => ({
  client,
  postsPerSecond: Math.round(median(values)),
  lowest: Math.round(Math.min(...values)),
  highest: Math.round(Math.max(...values)),
  ratio: Number((median(values) / baseline).toFixed(2)),
}));
if (process.argv.includes("--json")) console.log(JSON.stringify(rows, null, 2));
else console.table(rows);
agent.destroy();
await dispatcher.close();
server.close();

async function rate(post: () => Promise<void>): Promise<number> {
  const start = performance.now();
  let left = POSTS;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await post();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return POSTS / ((performance.now() - start) / 1000);
}

function postWithHttp(): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { ...HEADERS, "content-length": BODY.length };
    const outgoing = httpRequest(url, { method: "POST", headers, agent }, (response) => {
      response.resume().on("end", resolve);
    });
    outgoing.once("error", reject).end(BODY);
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
