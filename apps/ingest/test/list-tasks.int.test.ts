import type { Task } from "@hookline/contracts";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";

interface Page {
  readonly data: readonly Task[];
  readonly nextCursor: string | null;
}

describe("GET /tasks", () => {
  let ingest: TestIngest;
  let ids: string[];
  let newestFirst: string[];
  beforeAll(async () => {
    ingest = await startTestIngest();
    ids = [];
    for (let n = 0; n < 55; n += 1) {
      const more = { username: n % 5 === 0 ? "Hubot" : "octocat", ...(n % 11 === 0 ? { scheduleInterval: 0 } : {}) };
      ids.push((await ingest.post(`r${n % 10}-${n}`, more)).id);
    }
    newestFirst = ids.toSorted().toReversed();
  });
  afterAll(() => ingest.stop());

  const list = async (query: string) => (await ingest.send<Page>("GET", `/tasks${query}`)).body;
  const listAll = async (query: string) => {
    const pages: Page[] = [];
    let cursor: string | null = "";
    while (cursor !== null && pages.length < 100) {
      const page: Page = await list(`?${query}${cursor === "" ? "" : `&cursor=${cursor}`}`);
      pages.push(page);
      cursor = page.nextCursor;
    }
    return pages;
  };

  it("gives the newest 20 first and names the next page", async () => {
    const { data, nextCursor } = await list("");
    expect(data.map(({ id }) => id)).toEqual(newestFirst.slice(0, 20));
    expect(nextCursor).toBe(data[19]?.id);
    expect(data[0]).toEqual(await ingest.task(data[0]?.id ?? ""));
  });

  it.each([1, 7, 11, 20, 54, 55, 56, 100])("pages of %d give each of 55 tasks once, in order", async (limit) => {
    const pages = await listAll(`limit=${limit}`);
    expect(pages.flatMap(({ data }) => data.map(({ id }) => id))).toEqual(newestFirst);
    expect(pages).toHaveLength(Math.ceil(55 / limit));
  });

  it("repeats and loses nothing while tasks come in and go", async () => {
    const first = await list("?limit=30");
    const added = await ingest.post("meanwhile");
    const second = await list(`?limit=30&cursor=${first.nextCursor}`);
    const seen = [...first.data, ...second.data].map(({ id }) => id);
    expect(seen).toEqual(newestFirst);
    await ingest.deps.queues.tasks.queue.remove(added.id);
    await ingest.deps.redis.zrem(ingest.deps.keys.taskIndex, added.id);
  });

  it.each([
    ["username=hubot", (n: number) => n % 5 === 0],
    ["username=OCTOCAT", (n: number) => n % 5 !== 0],
    ["repository=R3-13", (n: number) => n === 13],
    ["username=hubot&repository=r5-5", (n: number) => n === 5],
    ["username=nobody", () => false],
    ["status=queued", (n: number) => n % 11 === 0],
    ["status=scheduled", (n: number) => n % 11 !== 0],
    ["status=delivered", () => false],
    ["status=scheduled&username=hubot", (n: number) => n % 5 === 0 && n % 11 !== 0],
  ])("filters by %s", async (query, isMeant) => {
    const pages = await listAll(`limit=4&${query}`);
    expect(pages.flatMap(({ data }) => data.map(({ id }) => id))).toEqual(
      newestFirst.filter((id) => isMeant(ids.indexOf(id))),
    );
    expect(pages.at(-1)?.nextCursor).toBeNull();
  });

  it("takes a cursor of a task that is gone", async () => {
    expect((await list("?limit=100&cursor=tffffffffffffffffffffffffffff")).data).toHaveLength(55);
    expect(await list("?cursor=t0000000000000000000000000000")).toEqual({ data: [], nextCursor: null });
  });

  it.each([
    ["limit=0", "/limit"],
    ["limit=101", "/limit"],
    ["limit=-1", "/limit"],
    ["limit=1.5", "/limit"],
    ["limit=", "/limit"],
    ["limit=ten", "/limit"],
    ["limit=010", "/limit"],
    ["limit=5%0a", "/limit"],
    ["limit=1&limit=2", "/limit"],
    ["cursor=", "/cursor"],
    ["cursor=nonsense", "/cursor"],
    ["cursor=t%00", "/cursor"],
    ["cursor=t0000000000000000000000000000&cursor=x", "/cursor"],
    ["status=done", "/status"],
    ["status=QUEUED", "/status"],
    ["status[]=queued", "/status[]"],
    ["username=-x", "/username"],
    ["repository=..", "/repository"],
    ["offset=5", "/offset"],
    ["page=2", "/page"],
    ["__proto__=1", "/__proto__"],
    ["constructor=1", "/constructor"],
    ["", ""],
  ])("with ?%s answers as it should", async (query, pointer) => {
    const answer = await ingest.send("GET", `/tasks?${query}`);
    if (pointer === "") expect(answer.status).toBe(200);
    else expect(answer).toMatchObject({ status: 400, body: { code: 400, errors: [{ pointer }] } });
  });

  it("answers 404 for a task that never was, and for what is no id", async () => {
    for (const id of [
      "t0000000000000000000000000000",
      "x",
      "t",
      ids[0]?.toUpperCase(),
      `c${ids[0]?.slice(1)}`,
      "%20",
    ]) {
      const answer = await ingest.send("GET", `/tasks/${id}`);
      expect(answer).toMatchObject({ status: 404, body: { type: "urn:hookline:problem:not_found" } });
    }
  });
});

describe("GET /tasks over many that were cleared away", () => {
  let ingest: TestIngest;
  beforeAll(async () => {
    ingest = await startTestIngest();
  });
  afterAll(() => ingest.stop());

  it("finds the few that are left and forgets the others", async () => {
    const { redis, keys } = ingest.deps;
    const kept = await ingest.post("kept");
    const old = Array.from({ length: 2500 }, (_, n) => `t00000000${n.toString(16).padStart(20, "0")}`);
    await redis.zadd(keys.taskIndex, ...old.flatMap((id) => ["0", id]));
    const first = (await ingest.send<Page>("GET", "/tasks")).body;
    expect(first.data.map(({ id }) => id)).toEqual([kept.id]);
    let { nextCursor } = first;
    for (let pages = 0; nextCursor !== null && pages < 10; pages += 1) {
      ({ nextCursor } = (await ingest.send<Page>("GET", `/tasks?cursor=${nextCursor}`)).body);
    }
    expect(await redis.zrange(keys.taskIndex, "0", "-1")).toEqual([kept.id]);
  });
});
