import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadProject, ProjectError } from "@hookline/project";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import {
  flatRecording,
  path as inboxPath,
  LETO,
  nestedPayload,
  project,
} from "../../apps/ingest/test/support/basecamp.ts";
import { startTestIngest, type TestIngest } from "../../apps/ingest/test/support/ingest.ts";
import { createTargetDirectory } from "../../apps/worker/src/targets/directory.ts";
import { type GithubFixture, startGithubFixture } from "../../apps/worker/test/github-fixture.ts";
import { answer } from "../../apps/worker/test/support/chat.ts";
import { targets } from "../fuzz/support/targets.ts";

const NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"] as const;
/** What every object has, as JSON that names it and as what a careless merge would make of it. */
const POLLUTIONS = [
  '"__proto__":{"polluted":true}',
  '"constructor":{"prototype":{"polluted":true}}',
  '"prototype":{"polluted":true}',
  '"__proto__":null',
  '"__proto__":[]',
  '"toString":"polluted"',
  '"__proto__":{"__proto__":{"polluted":true}}',
];

const own = Reflect.ownKeys(Object.prototype);
const descriptors = Object.getOwnPropertyDescriptors(Object.prototype);
afterEach(() => {
  expect(Reflect.ownKeys(Object.prototype)).toEqual(own);
  expect(Object.getOwnPropertyDescriptors(Object.prototype)).toEqual(descriptors);
  expect(Reflect.ownKeys(Array.prototype)).not.toContain("polluted");
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

describe("a request that names what every object has", () => {
  let ingest: TestIngest;
  beforeAll(async () => {
    ingest = await startTestIngest({ project, env: { API_KEYS: "pollution-key" } });
  });
  afterAll(() => ingest.stop());

  const headers = (type: string) => ({ authorization: "Bearer pollution-key", "content-type": type });
  const send = (path: string, raw: string, type = "application/json") =>
    ingest.send("POST", path, { raw, headers: headers(type) });
  const expectNothingQueued = async () => expect(await ingest.queued()).toEqual({ tasks: 0, index: 0 });
  const TARGET = '"kind":"discord","url":"https://discord.com/api/webhooks/1/abc"';

  it.each(POLLUTIONS)("in a task, or in a target of its, is refused: {%s}", async (members) => {
    const bodies = [
      `{"username":"octocat","repository":"r",${members}}`,
      `{${members},"username":"octocat","repository":"r"}`,
      `{"username":"octocat","repository":"r","targets":[{${TARGET},${members}}]}`,
    ];
    for (const body of bodies) expect([body, (await send("/tasks", body)).status]).toEqual([body, 400]);
    await expectNothingQueued();
  });

  it("and hides there what is asked for, has asked for nothing", async () => {
    for (const name of ["__proto__", "constructor", "prototype"]) {
      const task = '{"username":"octocat","repository":"r"}';
      expect((await send("/tasks", `{"${name}":${task}}`)).status).toBe(400);
      expect((await send("/tasks", `{"username":"octocat","${name}":{"repository":"r"}}`)).status).toBe(400);
      expect((await send("/tasks/batch", `[{"${name}":${task}}]`)).body).toMatchObject({ accepted: 0 });
      expect((await send("/tasks/batch", `{"${name}":[${task}]}`)).status).toBe(400);
    }
    await expectNothingQueued();
  });

  it.each(POLLUTIONS)("in a batch is a bad item, as JSON and as lines: {%s}", async (members) => {
    const bad = `{"username":"octocat","repository":"r",${members}}`;
    for (const [raw, type] of [
      [`[${bad},${bad}]`, "application/json"],
      [`${bad}\n${bad}\n`, "application/x-ndjson"],
    ] as const) {
      const { status, body } = await send("/tasks/batch", raw, type);
      expect([status, body]).toMatchObject([status, { accepted: 0 }]);
      expect(body.tasks ?? []).toEqual([]);
    }
    await expectNothingQueued();
  });

  it.each(NAMES)("finds no target, task, delivery or inbox of that name: %s", async (name) => {
    const asked = { username: "octocat", repository: "r", targets: [name] };
    const { status, body } = await send("/tasks", JSON.stringify(asked));
    expect([400, 422]).toContain(status);
    expect(body.type).toMatch(/:(unknown_target|invalid_request)$/);
    const get = (path: string) => ingest.send("GET", path, { headers: headers("application/json") });
    for (const path of [`/tasks/${name}`, `/deliveries/${name}`])
      expect([404, 400]).toContain((await get(path)).status);
    for (const action of ["enable", "test"]) {
      expect((await send(`/targets/${name}/${action}`, "{}")).status).toBe(404);
    }
    expect((await send(inboxPath(name), nestedPayload())).status).toBe(404);
    const problems = [`kind=${name}`, `status=${name}`];
    for (const query of problems) expect([query, (await get(`/deliveries?${query}`)).status]).toEqual([query, 400]);
    await expectNothingQueued();
  });

  it.each([
    "__proto__[polluted]=1",
    "__proto__.polluted=1",
    "constructor[prototype][polluted]=1",
    "constructor.prototype.polluted=1",
    "limit[__proto__][polluted]=1",
    "__proto__=1",
    "toString=1",
  ])("in a query string is refused: %s", async (query) => {
    for (const path of ["/tasks", "/deliveries"]) {
      const answered = await ingest.send("GET", `${path}?${query}`, { headers: headers("application/json") });
      expect([path, answered.status]).toEqual([path, 400]);
    }
  });

  it("in a Basecamp payload counts for nothing, and hides no recording", async () => {
    const before = await ingest.queued();
    for (const name of ["__proto__", "constructor", "prototype"]) {
      for (const inner of [nestedPayload(), JSON.stringify(flatRecording())]) {
        const { status } = await send(inboxPath(LETO), `{"${name}":${inner}}`);
        expect([name, status]).toEqual([name, 400]);
      }
      const hidden = nestedPayload().replace('"recording":', `"${name}":`);
      expect((await send(inboxPath(LETO), hidden)).status).toBe(400);
    }
    expect(await ingest.queued()).toEqual(before);
    for (const [n, members] of POLLUTIONS.entries()) {
      const payload = nestedPayload({ event: 1000 + n }).replace("{", `{${members},`);
      expect([members, (await send(inboxPath(LETO), payload)).status]).toEqual([members, 202]);
    }
  });

  it("as a repository is a repository of that name", async () => {
    for (const repository of ["__proto__", "constructor", "toString"]) {
      const { status, body } = await send("/tasks", JSON.stringify({ username: "constructor", repository }));
      expect([status, body]).toMatchObject([202, { username: "constructor", repository }]);
      const found = await ingest.send("GET", `/tasks/${String(body.id)}`, { headers: headers("application/json") });
      expect(found.body).toMatchObject({ repository });
    }
  });
});

describe("a project file that names what every object has", () => {
  const directory = mkdtempSync(join(tmpdir(), "hookline-pollution-"));
  const path = join(directory, "hookline.yaml");
  afterAll(() => rmSync(directory, { recursive: true }));
  const load = (text: string) => {
    writeFileSync(path, text);
    return loadProject({ path, env: {}, isTargetSecretNeeded: false });
  };
  const TARGET = "{ kind: discord, url: https://discord.com/api/webhooks/1/abc }";

  it.each([
    `__proto__: { targets: { a: ${TARGET} } }`,
    "constructor: { prototype: { polluted: true } }",
    `targets: { a: { __proto__: ${TARGET} } }`,
    "targets: { a: { kind: discord, url: https://discord.com/api/webhooks/1/abc, __proto__: { polluted: true } } }",
    "targets: { a: { kind: __proto__, url: https://x.example } }",
    "targets: { a: { kind: constructor, url: https://x.example } }",
    "targets: { a: { kind: toString, url: https://x.example } }",
    `targets: { a: &a ${TARGET}, b: { <<: *a, __proto__: { polluted: true } } }`,
    "targets: { a: { <<: { __proto__: { polluted: true } }, kind: discord } }",
    "sources: { basecamp: { inboxes: { __proto__: { token: a-long-token-1, deliver: [toString] } } } }",
    "sources: { basecamp: { inboxes: { a: { token: a-long-token-1, deliver: [constructor] } } } }",
    "sources: { __proto__: { inboxes: {} } }",
  ])("says what is wrong: %s", (text) => {
    expect(() => load(text)).toThrow(ProjectError);
  });

  it.each(NAMES)("has at most a target of its own by the name %s", (name) => {
    let loaded: ReturnType<typeof load> | undefined;
    try {
      loaded = load(`targets: { "${name}": ${TARGET} }`);
    } catch (error) {
      expect(error).toBeInstanceOf(ProjectError);
    }
    expect(Object.keys(loaded?.targets ?? {})).toEqual(loaded === undefined ? [] : [name]);
    expect((loaded?.targets as { polluted?: unknown } | undefined)?.polluted).toBeUndefined();
  });

  it("or none leaves the worker without a target of such a name", async () => {
    const options = { configs: {}, inboxes: {}, timeoutMs: 1000, requestSecret: undefined };
    const find = createTargetDirectory({ ...options, loadInline: async () => undefined }).find;
    for (const name of NAMES) await expect(find(name)).rejects.toMatchObject({ code: "unknown_target" });
  });
});

describe("an answer that hides its members behind __proto__", () => {
  let github: GithubFixture;
  beforeAll(async () => {
    github = await startGithubFixture();
    github.simulator.addRepository({ owner: "octocat", name: "fine" });
  });
  afterAll(() => github.stop());

  it("is a broken answer of GitHub", async () => {
    const real = await fetch(`${github.simulator.url}/repos/octocat/fine`).then((response) => response.text());
    for (const name of ["__proto__", "constructor"]) {
      const body = `{"${name}":${real}}`;
      github.simulator.fault("/repos/octocat/fine", { kind: "status", status: 200, body }, { times: 1 });
      await expect(github.collect(github.client(), "octocat/fine")).rejects.toMatchObject({
        code: "github_unavailable",
        message: expect.stringMatching(/shape/),
      });
    }
  });

  it.each(
    targets.map((target, index) => [target.kind, index] as const),
  )("is none of a target of kind %s (%#)", (_, n) => {
    const said = {
      ok: true,
      ts: "1.1",
      id: "1",
      message_ts: "1.1",
      result: { message_id: 1 },
      channel_id: "1",
      retry_after: 9,
    };
    const target = targets[n];
    for (const status of [200, 400, 429, 500]) {
      const read = (members: object | string) =>
        target?.read(answer(status, typeof members === "string" ? members : JSON.stringify(members)));
      expect(read(`{"__proto__":${JSON.stringify(said)}}`)).toEqual(read({ something: said }));
      expect(read(`{"constructor":{"prototype":${JSON.stringify(said)}}}`)).toEqual(read({ something: said }));
    }
  });
});
