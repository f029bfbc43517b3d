import { isTaskId, LARGEST_BATCH, LARGEST_INDEX, toTaskId } from "@hookline/contracts";
import { describe, expect, it } from "@jest/globals";
import { createSeeds, newSeed, type Seed } from "./seed.ts";

const toId = ({ at, random }: Seed, index?: number) => toTaskId(at, random, index);

describe("ids made from seeds", () => {
  it("sort in the order in which they were made, however many a millisecond has", () => {
    const ids = Array.from({ length: 20_000 }, () => toId(newSeed()));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every(isTaskId)).toBe(true);
  });

  it("go on growing when the clock is set back", () => {
    const times = [1000, 1000, 900, 0, 1000, 1001, 1000];
    const next = createSeeds(() => times.shift() ?? 0);
    const ids = Array.from({ length: 7 }, () => toId(next()));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(7);
  });

  it("of a batch's items sort by their index, before those of whoever comes next", () => {
    const [batch, next] = [newSeed(), newSeed()];
    const items = Array.from({ length: LARGEST_BATCH }, (_, index) => toId(batch, index));
    const ids = [...items, toId(next)];
    expect(ids.toSorted()).toEqual(ids);
    expect(LARGEST_BATCH).toBeLessThanOrEqual(LARGEST_INDEX);
    expect(Array.from({ length: LARGEST_BATCH }, (_, index) => toId(batch, index))).toEqual(items);
  });

  it("keep their form when a millisecond begins at its greatest", () => {
    const next = createSeeds(
      () => 1,
      () => 2n ** 51n - 1n,
    );
    const ids = Array.from({ length: 1000 }, () => toId(next()));
    expect(ids.every(isTaskId)).toBe(true);
    expect(ids.toSorted()).toEqual(ids);
  });

  it("of two processes differ in the same millisecond", () => {
    const [one, other] = [createSeeds(() => 1), createSeeds(() => 1)];
    const ids = [one, other].flatMap((next) => Array.from({ length: 1000 }, () => toId(next())));
    expect(new Set(ids).size).toBe(2000);
  });
});
