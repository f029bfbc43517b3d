import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { flatRecording, LETO, nestedPayload, path, project } from "../../apps/ingest/test/support/basecamp.ts";
import { startTestIngest, type TestIngest } from "../../apps/ingest/test/support/ingest.ts";
import { FUZZ_TIMEOUT_MS, fuzz, type Random } from "./support/fuzz.ts";
import { post } from "./support/judge.ts";
import { mutateBytes, toBody } from "./support/mutate.ts";

const TASK = {
  username: "octocat",
  repository: "hello-world",
  scheduleInterval: 600_000,
  retryMaxAttempts: 3,
  targets: ["default", { kind: "discord", url: "https://discord.com/api/webhooks/1/abc" }],
  onlyIfChanged: true,
  snapshotAt: "delivery",
};
const RECORDINGS = [{ recording: flatRecording() }, flatRecording(), JSON.parse(nestedPayload())] as const;
const REFUSALS = [400, 403, 409, 413, 415, 422];

describe("whatever is posted, the answer is 202 or a problem, at once, and a refused request queues nothing", () => {
  let ingest: TestIngest;
  beforeAll(async () => {
    ingest = await startTestIngest({ project, env: { API_KEYS: "fuzz-key" } });
  });
  afterAll(() => ingest.stop());

  const headersOf = (random: Random, type: string) => {
    const headers: Record<string, string> = {
      authorization: "Bearer fuzz-key",
      "content-type": random.chance(0.95)
        ? type
        : random.pick(["text/plain", "", "application/json;charset=x", random.text(20)]),
    };
    if (random.chance(0.1)) headers["idempotency-key"] = random.text(300);
    if (random.chance(0.1)) headers["x-request-id"] = random.text(80);
    if (random.chance(0.05)) headers["user-agent"] = random.text(200);
    if (random.chance(0.03)) headers["content-encoding"] = random.pick(["gzip", "br", "identity", "x"]);
    if (random.chance(0.03)) headers["transfer-encoding"] = "chunked";
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, toHeader(value)]));
  };
  /** What Node would not even send is not what is tried here. */
  const toHeader = (value: string) =>
    Buffer.from(value)
      .toString("latin1")
      .replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, "");

  const expectNothingQueued = async (before: { tasks: number; index: number }, what: Uint8Array) => {
    expect([Buffer.from(what).toString("latin1").slice(0, 2000), await ingest.queued()]).toEqual([
      expect.anything(),
      before,
    ]);
  };

  it(
    "POST /tasks",
    async () => {
      let queued = await ingest.queued();
      await fuzz("POST /tasks", async (random) => {
        const raw = toBody(random, { ...TASK, repository: `r${random.below(1e6)}` });
        const { status } = await post(ingest, {
          path: "/tasks",
          raw,
          headers: headersOf(random, "application/json"),
          refusals: REFUSALS,
        });
        if (status >= 400) await expectNothingQueued(queued, raw);
        else queued = await ingest.queued();
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    "POST /tasks/batch",
    async () => {
      await fuzz("POST /tasks/batch", async (random) => {
        const before = await ingest.queued();
        const items = Array.from({ length: random.below(8) }, (_, n) => ({
          ...TASK,
          repository: `b${random.below(1e6)}-${n}`,
        }));
        const isLines = random.chance(0.5);
        const raw = isLines
          ? mutateBytes(
              random,
              items.map((item) => toBody(random, item).toString()).join(random.pick(["\n", "\r\n", "\n\n"])),
            )
          : toBody(random, items);
        const headers = headersOf(random, isLines ? "application/x-ndjson" : "application/json");
        const answer = await post(ingest, { path: "/tasks/batch", raw, headers, refusals: REFUSALS });
        const after = await ingest.queued();
        const accepted = answer.status === 202 ? Number(answer.body.accepted) : 0;
        // A repeated Idempotency-Key repeats an answer, and queues nothing.
        expect([0, accepted]).toContain(after.tasks - before.tasks);
      });
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    "Basecamp's webhooks",
    async () => {
      await fuzz("Basecamp's webhooks", async (random) => {
        const before = await ingest.queued();
        const raw = toBody(random, random.pick(RECORDINGS));
        const token = random.chance(0.95) ? LETO : encodeURIComponent(Buffer.from(random.text(20)).toString());
        const headers = headersOf(random, "application/json");
        const answer = await post(ingest, { path: path(token), raw, headers, refusals: [...REFUSALS, 404, 429] });
        if (answer.status >= 400) await expectNothingQueued(before, raw);
      });
    },
    FUZZ_TIMEOUT_MS,
  );
});
