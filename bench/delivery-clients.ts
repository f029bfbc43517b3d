/**
 * Which HTTP client carries deliveries: got and undici beside node:http, posting 1 KiB to a receiver on loopback that
 * answers at once, 64 at a time. Alternating runs in one process.
 *
 *   npm run bench:clients [-- --json] [--runs 5] [--posts 3000]
 */
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import got from "got";
import { Agent, request } from "undici";
import { type Row, runBench, toFigure, toRatio } from "./support/bench.ts";
import { forEachAtOnce } from "./support/poster.ts";
import { startSink } from "./support/sink.ts";

const AT_ONCE = 64;
const BODY = Buffer.from(JSON.stringify({ text: "x".repeat(1000) }));
const HEADERS = { "content-type": "application/json" };
const BASELINE = "node:http";

await runBench({
  name: "clients",
  title: "HTTP clients: posts per second of one process",
  async measure({ runs, arguments: args }) {
    const posts = Number(args.get("posts") ?? 3000);
    const sink = await startSink();
    const clients = openClients(`${sink.url}/`);
    const rates = new Map(Object.keys(clients.post).map((name) => [name, [] as number[]]));
    try {
      for (let run = 0; run < runs; run += 1) {
        for (const [name, post] of Object.entries(clients.post)) rates.get(name)?.push(await measureRate(post, posts));
      }
    } finally {
      await clients.close();
      await sink.stop();
    }
    return [...rates].map(([name, values]) => toRow(name, values, rates.get(BASELINE) ?? []));
  },
});

function toRow(what: string, rates: readonly number[], baselines: readonly number[]): Row {
  const value = { what, value: toFigure(rates), unit: "posts/s", reach: "" };
  return what === BASELINE ? value : { ...value, baseline: toFigure(baselines), ratio: toRatio(rates, baselines) };
}

function openClients(url: string) {
  const agent = new HttpAgent({ keepAlive: true, maxSockets: AT_ONCE });
  const dispatcher = new Agent({ connections: AT_ONCE });
  const post = {
    [BASELINE]: () => postWithHttp(url, agent),
    undici: async () => {
      const { body } = await request(url, { method: "POST", headers: HEADERS, body: BODY, dispatcher });
      await body.dump();
    },
    got: async () =>
      void (await got.post(url, { body: BODY, headers: HEADERS, agent: { http: agent }, retry: { limit: 0 } })),
  } satisfies Record<string, () => Promise<void>>;
  const close = async () => {
    agent.destroy();
    await dispatcher.close();
  };
  return { post, close };
}

async function measureRate(post: () => Promise<void>, posts: number): Promise<number> {
  const startedAt = performance.now();
  await forEachAtOnce(Array.from({ length: posts }), AT_ONCE, post);
  return posts / ((performance.now() - startedAt) / 1000);
}

function postWithHttp(url: string, agent: HttpAgent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { ...HEADERS, "content-length": BODY.length };
    const outgoing = httpRequest(url, { method: "POST", headers, agent }, (response) => {
      response.resume().on("end", resolve);
    });
    outgoing.once("error", reject).end(BODY);
  });
}
