import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Answer, SendOptions } from "./support/client.ts";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";

const GOOD = JSON.stringify({ username: "octocat", repository: "hello-world" });
const KEY = { authorization: "Bearer the-right-key" };
const JSON_TYPE = { ...KEY, "content-type": "application/json" };

describe("POST /tasks in front of Express", () => {
  let ingest: TestIngest;
  beforeAll(async () => {
    ingest = await startTestIngest({ env: { API_KEYS: "the-right-key" } });
  });
  afterAll(() => ingest.stop());

  /** `/tasks` is answered in front of Express, `/tasks?` and `/tasks/` by it. */
  const sendBoth = async (options: SendOptions) => [
    await ingest.send("POST", "/tasks", options),
    await ingest.send("POST", "/tasks?", options),
    await ingest.send("POST", "/tasks/", options),
  ];

  const cases: Record<string, SendOptions & { readonly status: number }> = {
    "a good request": { raw: GOOD, headers: JSON_TYPE, status: 202 },
    "a request with a byte order mark": { raw: `\uFEFF${GOOD}`, headers: JSON_TYPE, status: 202 },
    "a chunked request": { raw: GOOD, headers: { ...JSON_TYPE, "transfer-encoding": "chunked" }, status: 202 },
    "its own request id": { raw: GOOD, headers: { ...JSON_TYPE, "x-request-id": "mine" }, status: 202 },
    "a request id that is not harmless": { raw: GOOD, headers: { ...JSON_TYPE, "x-request-id": "a b" }, status: 202 },
    "no body": { headers: JSON_TYPE, status: 400 },
    "no JSON": { raw: "{", headers: JSON_TYPE, status: 400 },
    "no UTF-8": { raw: Buffer.from([0x22, 0xff, 0x22]), headers: JSON_TYPE, status: 400 },
    "an unknown member": { raw: `{"a":1}`, headers: JSON_TYPE, status: 400 },
    "an empty Idempotency-Key": { raw: GOOD, headers: { ...JSON_TYPE, "idempotency-key": "" }, status: 400 },
    "no key": { raw: GOOD, headers: { "content-type": "application/json" }, status: 401 },
    "a wrong key": { raw: GOOD, headers: { ...JSON_TYPE, authorization: "Bearer no" }, status: 401 },
    "another site's page": { raw: GOOD, headers: { ...JSON_TYPE, "sec-fetch-site": "cross-site" }, status: 403 },
    "too large a body": { raw: GOOD + " ".repeat(65_536), headers: JSON_TYPE, status: 413 },
    "no type": { raw: GOOD, headers: KEY, status: 415 },
    "a compressed body": { raw: gzipSync(GOOD), headers: { ...JSON_TYPE, "content-encoding": "gzip" }, status: 415 },
    "an unknown target": { raw: `${GOOD.slice(0, -1)},"targets":["no"]}`, headers: JSON_TYPE, status: 422 },
  };

  it.each(Object.entries(cases))("answers as Express does: %s", async (_what, { status, ...options }) => {
    const [direct, ...express] = (await sendBoth(options)).map(toComparable);
    expect(direct?.status).toBe(status);
    for (const answer of express) expect(answer).toEqual(direct);
  });

  it("gives an answer that fails one request id, also when Express tells of the failure", async () => {
    const headers = { ...JSON_TYPE, "x-request-id": "mine" };
    for (const { headers: answered } of await sendBoth({ raw: "{", headers })) {
      expect(answered["x-request-id"]).toBe("mine");
    }
  });
});

/** Without what differs from one answer to the next: the time, new ids, and whether the task waited already. */
function toComparable({ status, headers, body }: Answer) {
  const { id: _id, links: _links, createdAt: _at, runAt: _runAt, nextAttempt: _next, duplicate: _dup, ...rest } = body;
  const { date: _date, location, "content-length": _length, "x-request-id": requestId, ...others } = headers;
  return {
    status,
    body: rest,
    headers: others,
    hasLocation: location !== undefined,
    requestId: requestId === "mine" ? requestId : /^[0-9a-f-]{36}$/.test(String(requestId)),
  };
}
