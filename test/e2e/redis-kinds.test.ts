import { afterEach, describe, expect, it } from "@jest/globals";
import { OCTOCAT } from "./support/digests.ts";
import { DIRECTORY, redisGroups } from "./support/redis.ts";
import { startStack } from "./support/stack.ts";

// What happens when a master fails is in test/faults/failover.test.ts; `npm run test:redis` runs this whole suite on each.
describe.each(Object.entries(redisGroups))("on Redis %s", (_kind, startGroup) => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  it("a task is accepted, shown and delivered, and nothing is away", async () => {
    const group = await startGroup({ directory: DIRECTORY });
    closers.push(() => group.stop());
    const stack = await startStack({ redis: group.env });
    closers.push(() => stack.stop());
    stack.github.addRepository({ owner: OCTOCAT.username, name: OCTOCAT.repository });
    const { id } = await stack.post(OCTOCAT);
    await stack.untilStatus(id, "delivered");
    expect(stack.receiver.received).toBe(1);
    expect((await stack.request("GET", "/readyz")).status).toBe(200);
    expect((await stack.request("GET", "/tasks")).body.data).toHaveLength(1);
    expect(stack.ingest.stdout + stack.workers[0]?.stdout).not.toMatch(/redis\.away|queue\.error|"level":"error"/);
  });
});
