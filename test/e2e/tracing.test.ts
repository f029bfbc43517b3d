import { fileURLToPath } from "node:url";
import type { CollectedSpan, Collector, SpawnedNode } from "@hookline/testing";
import { freePort, spawnNode, startCollector, waitUntil } from "@hookline/testing";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { OCTOCAT } from "./support/digests.ts";
import { type Stack, startStack } from "./support/stack.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
const TRACEPARENT = `00-${TRACE}-${PARENT}-01`;

const toTraceId = (traceparent: unknown) => String(traceparent).slice(3, 35);
const toSpanId = (traceparent: unknown) => String(traceparent).slice(36, 52);

async function start(env: Record<string, string> = {}): Promise<Stack> {
  const stack = await startStack({ env: { CACHE_TTL: "0", LOG_LEVEL: "debug", ...env } });
  stack.github.addRepository({ owner: "octocat", name: "hello-world", issues: [{ title: "First" }] });
  return stack;
}

async function post(stack: Stack, path: string, body: unknown, headers: Record<string, string>) {
  const response = await fetch(stack.address + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(202);
  return (await response.json()) as { id: string };
}

function lines({ stdout }: SpawnedNode, event: string): Record<string, unknown>[] {
  const all = stdout.split("\n").filter((line) => line.includes(`"event":"${event}"`));
  return all.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe("a trace without a collector", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await start();
  });
  afterAll(() => stack.stop());

  it("that a client began reaches GitHub and the webhook, unchanged, and the log", async () => {
    const { id } = await post(stack, "/tasks", OCTOCAT, { traceparent: TRACEPARENT, tracestate: "vendor=1" });
    const [received] = await stack.receiver.waitFor(1);
    expect(received?.headers).toMatchObject({ traceparent: TRACEPARENT, tracestate: "vendor=1" });
    expect(received?.verified).toBe(true);
    expect(stack.github.requests.length).toBeGreaterThan(2);
    expect(new Set(stack.github.requests.map(({ traceparent }) => traceparent))).toEqual(new Set([TRACEPARENT]));

    const task = await stack.untilStatus(id, "delivered");
    const delivery = await stack.request("GET", `/deliveries/${task.deliveries[0]?.id}`);
    expect(delivery.body).toMatchObject({ attempts: [{ request: { headers: { traceparent: TRACEPARENT } } }] });
    expect(lines(stack.ingest, "task.accepted")).toEqual([expect.objectContaining({ id, traceId: TRACE })]);
    const [worker] = stack.workers;
    if (worker === undefined) throw new Error("there is no worker");
    expect(lines(worker, "delivery.attempted")).toEqual([expect.objectContaining({ traceId: TRACE })]);
    expect(lines(worker, "github.answered").every(({ traceId }) => traceId === TRACE)).toBe(true);
  });

  it.each([
    ["that is malformed", { traceparent: `00-${TRACE}-${PARENT}` }],
    ["that nobody began", {}],
  ])("%s is none", async (_, headers) => {
    stack.receiver.reset();
    stack.github.resetLog();
    await post(stack, "/tasks", OCTOCAT, headers);
    const [received] = await stack.receiver.waitFor(1);
    expect(received?.headers).not.toHaveProperty("traceparent");
    expect(stack.github.requests.filter(({ traceparent }) => traceparent !== undefined)).toEqual([]);
  });

  it("of a batch is that of all its tasks", async () => {
    stack.receiver.reset();
    await post(stack, "/tasks/batch", [OCTOCAT], { traceparent: TRACEPARENT });
    const [received] = await stack.receiver.waitFor(1);
    expect(received?.headers.traceparent).toBe(TRACEPARENT);
  });
});

describe("a trace with a collector", () => {
  let collector: Collector;
  let stack: Stack;
  beforeAll(async () => {
    collector = await startCollector();
    stack = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: "x-team=hooks%20and%20lines",
    });
  });
  afterAll(async () => {
    await stack.stop();
    await collector.stop();
  });

  const find = (matches: (span: CollectedSpan) => boolean, what: string) => collector.waitForSpan(matches, what);
  /** Names from the span up to the one that has no parent here. */
  const toAncestors = (span: CollectedSpan): string[] => {
    const parent = collector.spans.find(({ spanId }) => spanId === span.parentSpanId);
    return [`${span.service}: ${span.name}`, ...(parent === undefined ? [] : toAncestors(parent))];
  };

  it("has the spans of ingest and worker, from the client's request to the delivery", async () => {
    const { id } = await post(stack, "/tasks", OCTOCAT, { traceparent: TRACEPARENT });
    const [received] = await stack.receiver.waitFor(1);
    await stack.untilStatus(id, "delivered");
    expect(toTraceId(received?.headers.traceparent)).toBe(TRACE);
    expect(stack.github.requests.length).toBeGreaterThan(2);
    expect(new Set(stack.github.requests.map(({ traceparent }) => toTraceId(traceparent)))).toEqual(new Set([TRACE]));

    const posted = await find(({ spanId }) => spanId === toSpanId(received?.headers.traceparent), "the delivery");
    const processed = await find(
      ({ name, service }) => name === "process tasks" && service === "hookline-worker",
      "job",
    );
    await find(({ spanId }) => spanId === posted.parentSpanId, "the delivery's job");
    const server = await find(({ name }) => name === "POST /tasks", "the request");
    expect(server).toMatchObject({ kind: 2, traceId: TRACE, parentSpanId: PARENT, service: "hookline-ingest" });
    expect(posted).toMatchObject({ kind: 3, traceId: TRACE, attributes: { "http.response.status_code": 200 } });
    expect(toAncestors(posted)).toEqual([
      "hookline-worker: POST",
      "hookline-worker: process deliveries",
      "hookline-worker: addBulk deliveries",
      "hookline-worker: process tasks",
      "hookline-ingest: add tasks.github.digest",
      "hookline-ingest: POST /tasks",
    ]);
    const asked = collector.spans.filter(({ parentSpanId, kind }) => parentSpanId === processed.spanId && kind === 3);
    expect(asked.map(({ spanId }) => spanId).sort()).toEqual(
      stack.github.requests.map(({ traceparent }) => toSpanId(traceparent)).sort(),
    );
    expect(collector.headers).toMatchObject({ "x-team": "hooks and lines" });
  });

  it("tells no secret: no webhook's path, no token, no signature", () => {
    const text = JSON.stringify(collector.spans);
    expect(text).not.toContain("/hook");
    expect(text).not.toContain(stack.env.API_TOKEN);
    expect(text).not.toContain("whsec_");
  });

  it("begins here when the client began none, and goes on when the first attempt fails", async () => {
    stack.receiver.reset();
    stack.receiver.respond({ status: 500 });
    const { id } = await post(stack, "/tasks", OCTOCAT, {});
    await stack.receiver.waitFor(1);
    stack.receiver.respond({ status: 200 });
    const [first, second] = await stack.receiver.waitFor(2);
    await stack.untilStatus(id, "delivered");
    const trace = toTraceId(first?.headers.traceparent);
    expect(trace).toMatch(/^[0-9a-f]{32}$/);
    expect(trace).not.toBe(TRACE);
    expect(toTraceId(second?.headers.traceparent)).toBe(trace);
    expect(toSpanId(second?.headers.traceparent)).not.toBe(toSpanId(first?.headers.traceparent));
  });

  it("makes no spans of waiting for work", () => {
    const roots = collector.spans.filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(roots.filter(({ kind }) => kind === 1).map(({ name }) => name)).toEqual([]);
  });

  it("is sent in full before a process ends", async () => {
    stack.receiver.reset();
    const before = collector.spans.length;
    const { id } = await post(stack, "/tasks", OCTOCAT, { traceparent: TRACEPARENT });
    await stack.untilStatus(id, "delivered");
    const [received] = await stack.receiver.waitFor(1);
    const [worker] = stack.workers;
    expect((await worker?.stop())?.code).toBe(0);
    const isSent = collector.spans
      .slice(before)
      .some(({ spanId }) => spanId === toSpanId(received?.headers.traceparent));
    expect(isSent).toBe(true);
  });
});

describe("a collector that is away", () => {
  it("changes nothing for tasks and does not hold the end of a process", async () => {
    const stack = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` });
    const { id } = await stack.post(OCTOCAT);
    await stack.untilStatus(id, "delivered");
    await waitUntil(() => lines(stack.ingest, "tracing.trouble").length > 0, { what: "it is told", timeoutMs: 10_000 });
    const startedAt = Date.now();
    const ends = await Promise.all([stack.ingest, ...stack.workers].map((app) => app.stop()));
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    expect(Date.now() - startedAt).toBeLessThan(8000);
    await stack.stop();
  });
});

describe("OpenTelemetry's packages", () => {
  /** Starts an app that tells of every module it loads, and returns those of OpenTelemetry but the one that prom-client loads. */
  const load = async (app: string, env: Record<string, string>): Promise<number> => {
    const main = fileURLToPath(new URL(`../../apps/${app}/dist/main.js`, import.meta.url));
    const redis = { REDIS_URL: process.env.TEST_REDIS_URL ?? "", QUEUE_PREFIX: "{tracing-load}" };
    const started = spawnNode({
      args: [main],
      env: { ...redis, PORT: "0", WORKER_PORT: "0", NODE_DEBUG: "module", ...env },
    });
    await started.waitForLine(/"event":"(ingest.listening|worker.started)"/, 25_000);
    await started.stop();
    expect(started.stderr).toContain("node_modules/winston/");
    const loaded = started.stderr.match(/load "[^"]*node_modules\/(@opentelemetry\/(?!api\/)|bullmq-otel)[^"]*"/g);
    return loaded?.length ?? 0;
  };

  it.each(["ingest", "worker"])("are not loaded by %s without an endpoint, and with one they are", async (app) => {
    expect(await load(app, {})).toBe(0);
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    expect(await load(app, { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })).toBeGreaterThan(10);
  }, 90_000);
});
