import { runTogether } from "@hookline/queue";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type BaselineRef, toBaseline, toDeliveredNote } from "../src/snapshots/baseline.ts";
import { createBaselines } from "../src/snapshots/baselines.ts";
import { snapshot } from "./support/snapshots.ts";
import { openTestRedis, type TestRedis } from "./support/test-redis.ts";

let test: TestRedis;
beforeEach(() => {
  test = openTestRedis();
});
afterEach(() => test.stop());

const noteDelivered = ({ redis, keys }: Pick<TestRedis, "redis" | "keys">, target: string, ref: BaselineRef) =>
  runTogether(redis, [toDeliveredNote(keys, target, ref)]);

const older = snapshot({ issues: [1], collectedAt: "2026-01-01T00:00:00.000Z" });
const newer = snapshot({ issues: [1, 2], collectedAt: "2026-01-01T00:00:00.001Z" });

describe("what a target last received", () => {
  it("is nothing at first, and only known once it is delivered", async () => {
    await expect(createBaselines(test).find("team", older)).resolves.toBeUndefined();
    const ref = await createBaselines(test).save(older, ["team"]);
    await expect(createBaselines(test).find("team", older)).resolves.toBeUndefined();
    await noteDelivered(test, "team", ref);
    await expect(createBaselines(test).find("team", newer)).resolves.toEqual(toBaseline(older));
  });

  it("is each target's and each repository's own, whatever the name's case", async () => {
    await noteDelivered(test, "team", await createBaselines(test).save(older, ["team"]));
    await expect(createBaselines(test).find("other", older)).resolves.toBeUndefined();
    await expect(createBaselines(test).find("team", snapshot({ repository: "another" }))).resolves.toBeUndefined();
    await expect(createBaselines(test).find("team", snapshot({ repository: "Hello-World" }))).resolves.toBeDefined();
  });

  it("stays the newer one when an older digest arrives after it", async () => {
    const [first, second] = [
      await createBaselines(test).save(older, ["team"]),
      await createBaselines(test).save(newer, ["team"]),
    ];
    await noteDelivered(test, "team", second);
    await noteDelivered(test, "team", first);
    await expect(createBaselines(test).find("team", newer)).resolves.toEqual(toBaseline(newer));
  });

  it("is the newest one when two arrive at the same moment, in every order", async () => {
    const refs = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        createBaselines(test).save(snapshot({ collectedAt: new Date(1_767_000_000_000 + index).toISOString() }), [
          "team",
        ]),
      ),
    );
    const replicas = [test.connect(), test.connect(), test.connect()];
    const mixed = refs.map((ref, index) => ({ ref, order: (index * 7) % 20 })).sort((a, b) => a.order - b.order);
    await Promise.all(
      mixed.map(({ ref }, index) => {
        const redis = replicas[index % replicas.length] ?? test.redis;
        return noteDelivered({ redis, keys: test.keys }, "team", ref);
      }),
    );
    await expect(createBaselines(test).find("team", older)).resolves.toMatchObject({
      collectedAt: new Date(1_767_000_000_019).toISOString(),
    });
  });

  it("is forgotten some day: every key has a TTL", async () => {
    await noteDelivered(test, "team", await createBaselines(test).save(older, ["team"]));
    const keys = await test.allKeys();
    expect(keys).toHaveLength(3);
    for (const key of keys) expect(await test.redis.pttl(`${test.prefix}:${key}`)).toBeGreaterThan(0);
  });

  it("goes once no target needs it: every collection makes a new one", async () => {
    const refs: BaselineRef[] = [];
    for (let index = 0; index < 20; index += 1) {
      const collectedAt = new Date(1_767_000_000_000 + index).toISOString();
      const ref = await createBaselines(test).save(snapshot({ collectedAt }), ["team", "other"]);
      refs.push(ref);
      await noteDelivered(test, "team", ref);
      if (index < 10) await noteDelivered(test, "other", ref);
    }
    // "other" received the tenth last, and is still to receive those after it.
    const kept = await Promise.all(refs.map(({ id }) => test.redis.exists(test.keys.baseline(id))));
    expect(kept).toEqual(refs.map((_, index) => (index < 9 ? 0 : 1)));
    for (const ref of refs.slice(10)) await noteDelivered(test, "other", ref);
    expect(await test.allKeys()).toHaveLength(4);
  });
});
