import { afterEach, describe, expect, it } from "@jest/globals";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";

const KEYS = { API_KEYS: "a-key-of-the-tests" };
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });

describe("the board", () => {
  let ingest: TestIngest;
  afterEach(() => ingest.stop());
  const start = async (env: Record<string, string> = {}) => {
    ingest = await startTestIngest({ env });
  };
  const status = async (path: string, headers = {}) => (await ingest.send("GET", path, { headers })).status;

  it("is open on an open service", async () => {
    await start();
    expect(await status("/board")).toBe(200);
    expect(await status("/board/api/queues")).toBe(200);
  });

  it("writes no jobs (it queued a task with any target, which POST /tasks refuses)", async () => {
    await start();
    const job = {
      name: "github.digest",
      data: { targets: [{ kind: "webhook", url: "http://x.example/" }] },
      options: {},
    };
    for (const [method, path] of [
      ["POST", "tasks/add"],
      ["POST", "tasks/add/"],
      ["POST", "tasks/ADD"],
      ["PATCH", "tasks/some-id/update-data"],
      ["PUT", "tasks/job-schedulers/some-id"],
    ] as const) {
      expect((await ingest.send(method, `/board/api/queues/${path}`, { body: job })).status).toBe(403);
    }
    expect((await ingest.queued()).tasks).toBe(0);
    expect((await ingest.send("PUT", "/board/api/queues/tasks/pause")).status).toBe(200);
    expect((await ingest.send("PUT", "/board/api/queues/tasks/resume")).status).toBe(200);
  });

  it("is off with API keys and no password, also for who has a key", async () => {
    await start(KEYS);
    for (const path of ["/board", "/board/", "/board/api/queues"]) {
      expect(await status(path)).toBe(404);
      expect(await status(path, { authorization: `Bearer ${KEYS.API_KEYS}` })).toBe(404);
    }
  });

  it.each([
    ["with API keys", { ...KEYS, BOARD_PASSWORD: "pässword:with colon" }],
    ["without", { BOARD_PASSWORD: "pässword:with colon" }],
  ])("asks for its user name and password, %s", async (_what, env) => {
    await start(env);
    for (const headers of [
      {},
      basic("admin:wrong"),
      basic("root:pässword:with colon"),
      basic("admin"),
      { authorization: `Bearer ${KEYS.API_KEYS}` },
      { authorization: "Basic ????" },
    ]) {
      for (const path of ["/board", "/board/api/queues", "/board/static/js/x.js"]) {
        expect(await status(path, headers)).toBe(401);
      }
    }
    expect(await status("/board", basic("admin:pässword:with colon"))).toBe(200);
  });

  it("takes the user name of BOARD_USER", async () => {
    await start({ BOARD_USER: "ops", BOARD_PASSWORD: "password" });
    expect([await status("/board", basic("admin:password")), await status("/board", basic("ops:password"))]).toEqual([
      401, 200,
    ]);
  });

  it("makes a browser ask its user for the password (it said Bearer, and no browser asked)", async () => {
    await start({ BOARD_PASSWORD: "password" });
    const answer = await ingest.send("GET", "/board");
    expect(answer.headers["www-authenticate"]).toMatch(/^Basic realm=/);
    expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
  });

  it("shows the host of a target in a request and not its path, which may be a secret", async () => {
    await start({ ...KEYS, BOARD_PASSWORD: "password" });
    const targets = [{ kind: "webhook", url: "https://hooks.example.com/services/T000/very-secret" }];
    const { id } = await ingest.post("secret", { targets });
    const headers = basic("admin:password");
    const all = await ingest.send("GET", "/board/api/queues?activeQueue=tasks&status=latest&page=1", { headers });
    const one = await ingest.send("GET", `/board/api/queues/tasks/${id}`, { headers });
    for (const answer of [all, one]) {
      expect(answer.status).toBe(200);
      expect(answer.text).toContain("hooks.example.com");
      expect(answer.text).not.toContain("very-secret");
    }
  });
});
