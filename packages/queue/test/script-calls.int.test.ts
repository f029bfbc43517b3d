import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { defineScript, runScript, runTogether } from "../src/index.ts";
import { type Bench, openBench } from "./support/bench.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.stop());

const ADD = defineScript('return redis.call("INCRBY", KEYS[1], ARGV[1])');
const ECHO = defineScript("return { KEYS[1], ARGV[1], #KEYS, #ARGV }");
const NOTHING = defineScript("local unused = 1\nreturn nil");
const key = (name: string) => `${bench.keys.taskIndex}:${name}`;
const add = (name: string, by: number) => ({ script: ADD, keys: [key(name)], texts: [by] });

describe("scripts that are run together", () => {
  it("answer each for itself, with keys and arguments of its own", async () => {
    const answers = await runTogether(bench.redis, [
      { script: ECHO, keys: [key("a"), key("b")], texts: ["x"] },
      { script: NOTHING, keys: [], texts: [] },
      { script: ECHO, keys: [key("c")], texts: ["y", "z"] },
    ]);
    expect(answers).toEqual([[key("a"), "x", 2, 1], null, [key("c"), "y", 1, 2]]);
  });

  it("go to Redis in one call when they are asked for at once, and are done in their order", async () => {
    await runTogether(bench.redis, [add("n", 0)]);
    const sent = jest.spyOn(bench.redis, "evalsha");
    const answers = await Promise.all([1, 2, 3, 4].map((by) => runTogether(bench.redis, [add("n", by)])));
    expect(answers).toEqual([[1], [3], [6], [10]]);
    expect(sent).toHaveBeenCalledTimes(1);
  });

  it("fail alone", async () => {
    await bench.redis.set(key("text"), "no number");
    const [bad, good] = await Promise.allSettled([
      runTogether(bench.redis, [add("text", 1)]),
      runTogether(bench.redis, [add("n", 5)]),
    ]);
    expect(bad).toMatchObject({ status: "rejected", reason: { message: expect.stringContaining("not an integer") } });
    expect(good).toMatchObject({ status: "fulfilled", value: [5] });
  });

  it("are as many as anybody asks for", async () => {
    const answers = await Promise.all(Array.from({ length: 500 }, () => runTogether(bench.redis, [add("n", 1)])));
    expect(answers.flat()).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
  });

  it("are known to a Redis that has forgotten them", async () => {
    await runTogether(bench.redis, [add("n", 1)]);
    await bench.redis.script("FLUSH");
    await expect(runTogether(bench.redis, [add("n", 1)])).resolves.toEqual([2]);
    await bench.redis.script("FLUSH");
    await expect(runScript(bench.redis, ADD, [key("n")], 1)).resolves.toBe(3);
  });
});
