import { operations } from "@hookline/contracts";
import { waitUntil } from "@hookline/testing";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { createApp } from "../src/app.ts";
import { flatRecording, LETO, nestedPayload, path, project } from "./support/basecamp.ts";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";
import { startTestWorker } from "./support/worker.ts";

type Json = Record<string, unknown>;
interface Document {
  readonly openapi: string;
  readonly paths: Record<
    string,
    Record<string, { operationId: string; responses: Json; tags: string[]; security: unknown[] }>
  >;
  readonly tags: readonly { name: string }[];
  readonly components: { readonly schemas: Record<string, Json> };
}
interface Layer {
  readonly route?: { readonly path: string; readonly methods: Record<string, boolean> };
}

describe("/openapi.json", () => {
  let ingest: TestIngest;
  let document: Document;
  let ajv: Ajv2020;
  beforeAll(async () => {
    ingest = await startTestIngest({ project, env: { RATE_LIMIT_MAX_SIMULTANEOUS_JOBS: "3" } });
    document = (await ingest.send<Document>("GET", "/openapi.json")).body;
    ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addVocabulary(["x-message", "components", "paths", "webhooks", "info", "servers", "tags", "openapi"]);
    ajv.addKeyword("example");
    ajv.addSchema({ ...document, $id: "openapi" });
  });
  afterAll(() => ingest.stop());

  const expectValid = (schema: string, value: unknown) => {
    const validate = ajv.getSchema(`openapi#/components/schemas/${schema}`);
    if (validate === undefined) throw new Error(`there is no schema ${schema}`);
    validate(value);
    expect(validate.errors ?? []).toEqual([]);
  };

  it("is OpenAPI 3.1 and describes each operation once", () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map((each) => each.operationId));
    expect(ids.toSorted()).toEqual(Object.keys(operations).toSorted());
    const tags = document.tags.map(({ name }) => name);
    for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
      expect(tags).toEqual(expect.arrayContaining(operation.tags));
      expect(Object.keys(operation.responses).length).toBeGreaterThan(0);
    }
  });

  it("describes every route that is mounted, and none that is not", () => {
    const { router } = createApp(ingest.deps) as unknown as { router: { readonly stack: readonly Layer[] } };
    const mounted = router.stack.flatMap(({ route }) =>
      route === undefined ? [] : Object.keys(route.methods).map((method) => `${method} ${route.path}`),
    );
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`),
    );
    expect(mounted.toSorted()).toEqual(described.toSorted());
  });

  it("refers to nothing that is missing", () => {
    const text = JSON.stringify(document);
    const refs = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? "");
    expect(refs.length).toBeGreaterThan(10);
    for (const ref of new Set(refs)) {
      expect(ref).toMatch(/^#\/components\/schemas\/\w+$/);
      expect(Object.keys(document.components.schemas)).toContain(ref.split("/").at(-1));
    }
  });

  it("holds schemas that a strict validator compiles", () => {
    for (const name of Object.keys(document.components.schemas)) {
      expect(ajv.getSchema(`openapi#/components/schemas/${name}`)).toBeInstanceOf(Function);
    }
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(["AcceptedTask", "Digest", "Problem", "Task", "TaskRequest"]),
    );
  });

  it("is true of real answers", async () => {
    const first = await ingest.post("first");
    expectValid("AcceptedTask", first);
    expectValid("AcceptedTask", await ingest.post("first"));
    expectValid("Task", await ingest.task(first.id));
    const batch = await ingest.send("POST", "/tasks/batch", {
      body: [{}, { username: "octocat", repository: "second" }],
    });
    expectValid("BatchResult", batch.body);
    expectValid("TaskList", (await ingest.send("GET", "/tasks?limit=1")).body);
    expectValid("TargetList", (await ingest.send("GET", "/targets")).body);
    const event = await ingest.send("POST", path(LETO), { body: { recording: flatRecording() } });
    expectValid("BasecampAnswer", event.body);
    expectValid("Task", (await ingest.send("GET", String(event.headers.location))).body);
    await ingest.send("DELETE", String(event.headers.location));
    expectValid("Health", (await ingest.send("GET", "/readyz")).body);
    await ingest.send("DELETE", `/tasks/${first.id}`);
    expectValid("Task", await ingest.task(first.id));
  });

  it("describes the webhooks that are sent to us", () => {
    expectValid("BasecampWebhook", JSON.parse(nestedPayload()));
  });

  it("is true of a task that was delivered, and of its delivery", async () => {
    const worker = await startTestWorker(ingest);
    const { id } = await ingest.post("delivered", { scheduleInterval: 0 });
    const task = await waitUntil(
      async () => {
        const known = await ingest.task(id);
        return known.status === "delivered" ? known : undefined;
      },
      { what: "the task is delivered" },
    );
    await worker.stop();
    expectValid("Task", task);
    expectValid("Delivery", (await ingest.send("GET", `/deliveries/${task?.deliveries[0]?.id}`)).body);
  });

  it("is true of problems, each of which the operation names", async () => {
    for (let n = 0; n < 3; n += 1)
      await ingest.send("POST", "/tasks", { body: { username: "octocat", repository: `fill${n}` } });
    const body = { username: "octocat", repository: "problem" };
    const raw = "x";
    const webhook = "/webhooks/basecamp/recordings/{inboxToken}";
    const answers = [
      ["/tasks", "post", await ingest.send("POST", "/tasks", { body: {} })],
      ["/tasks", "post", await ingest.send("POST", "/tasks", { raw, headers: { "content-type": "application/json" } })],
      ["/tasks", "post", await ingest.send("POST", "/tasks", { raw })],
      ["/tasks", "post", await ingest.send("POST", "/tasks", { body: { ...body, targets: ["x"] } })],
      ["/tasks", "post", await ingest.send("POST", "/tasks", { body })],
      ["/tasks", "post", await ingest.send("POST", "/tasks", { body, headers: { "sec-fetch-site": "cross-site" } })],
      [
        "/tasks/batch",
        "post",
        await ingest.send("POST", "/tasks/batch", { body, headers: { "sec-fetch-site": "cross-site" } }),
      ],
      ["/tasks/batch", "post", await ingest.send("POST", "/tasks/batch", { body: [body] })],
      [webhook, "post", await ingest.send("POST", path(LETO), { body: { recording: {} } })],
      [webhook, "post", await ingest.send("POST", path("unknown-token"), { body: {} })],
      ["/tasks", "get", await ingest.send("GET", "/tasks?limit=0")],
      ["/tasks/{id}", "get", await ingest.send("GET", "/tasks/x")],
      ["/targets/{name}/enable", "post", await ingest.send("POST", "/targets/x/enable")],
      ["/deliveries/{id}", "get", await ingest.send("GET", "/deliveries/x")],
    ] as const;
    expect(answers.map(([, , { status }]) => status)).toEqual([
      400, 400, 415, 422, 429, 403, 403, 429, 422, 404, 400, 404, 404, 404,
    ]);
    for (const [path, method, answer] of answers) {
      expectValid("Problem", answer.body);
      const named = Object.keys(document.paths[path]?.[method]?.responses ?? {});
      expect(named).toContain(String(answer.status));
    }
  });
});
