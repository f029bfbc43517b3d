import { afterEach, describe, expect, it } from "@jest/globals";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";

describe("POST /tasks with REDIS_MIN_REPLICAS", () => {
  let ingest: TestIngest;
  afterEach(() => ingest.stop());

  it("answers 503 when no replica has the task, which waits all the same and is not queued twice", async () => {
    ingest = await startTestIngest({ env: { REDIS_MIN_REPLICAS: "1" } });
    const body = { username: "octocat", repository: "hello-world" };
    for (let time = 0; time < 2; time += 1) {
      const answer = await ingest.send<{ type: string }>("POST", "/tasks", { body });
      expect(answer.status).toBe(503);
      expect(answer.body.type).toBe("urn:hookline:problem:unavailable");
    }
    expect(await ingest.queued()).toEqual({ tasks: 1, index: 1 });
  });
});
