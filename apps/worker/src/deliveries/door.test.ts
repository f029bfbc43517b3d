import { describe, expect, it } from "@jest/globals";
import { createDoor } from "./door.ts";

const never = new AbortController().signal;
const PATIENCE_MS = 1000;

/** A door with a clock of its own, behind which `held` deliveries are. */
function open(held: readonly string[]) {
  const clock = { ms: 0 };
  const door = createDoor(() => clock.ms);
  for (const id of held) door.hold(id);
  const results: string[] = [];
  const wait = (id: string, signal = never) => {
    void door.wait(id, signal).then((isHanded) => results.push(`${id} ${isHanded ? "goes" : "asks"}`));
  };
  const settled = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return results;
  };
  return { door, clock, wait, settled };
}

describe("a delivery that waits at a lane's door", () => {
  it("is handed the place of the one that leaves, the oldest first", async () => {
    const { door, wait, settled } = open(["d1"]);
    for (const id of ["d4", "d2", "d3"]) wait(id);
    const heirs = door.leave("d1");
    expect(heirs).toEqual(["d2", "d3", "d4"]);
    door.handOver(heirs, { admitted: 2, window: 2 });
    expect(await settled()).toEqual(["d2 goes", "d3 goes"]);
  });

  it("is named an heir by one that leaves at a time", () => {
    const { door, wait } = open(["d1", "d2"]);
    for (const id of ["d3", "d4", "d5", "d6"]) wait(id);
    expect(door.leave("d1")).toEqual(["d3", "d4", "d5"]);
    expect(door.leave("d2")).toEqual(["d6"]);
  });

  it("asks for itself when nobody is left who could hand a place on", async () => {
    const { door, wait, settled } = open(["d1"]);
    wait("d2");
    const heirs = door.leave("d1");
    expect(await settled()).toEqual([]);
    door.handOver(heirs, { admitted: 0, window: 1 });
    expect(await settled()).toEqual(["d2 asks"]);
    expect(door.isIdle()).toBe(true);
  });

  it("is not kept when others would hold it up for longer than a moment", async () => {
    const { door, clock, wait, settled } = open(["d1"]);
    clock.ms = PATIENCE_MS / 2 + 1;
    wait("d2");
    expect(await settled()).toEqual([]);
    wait("d3");
    expect(await settled()).toEqual(["d3 asks"]);
    expect(door.isIdle()).toBe(false);
  });

  it("is not kept where nobody is inside", async () => {
    const { wait, settled } = open([]);
    wait("d1");
    expect(await settled()).toEqual(["d1 asks"]);
  });

  it("goes back when its process is told to stop, but takes a place that it is being handed", async () => {
    const { door, wait, settled } = open(["d1"]);
    const stopping = new AbortController();
    wait("d2", stopping.signal);
    const heirs = door.leave("d1");
    wait("d3", stopping.signal);
    stopping.abort();
    expect(await settled()).toEqual(["d3 asks"]);
    door.handOver(heirs, { admitted: 1, window: 1 });
    expect(await settled()).toEqual(["d3 asks", "d2 goes"]);
  });
});

describe("a lane that is full", () => {
  it("need not be asked", () => {
    const { door } = open(["d1", "d2"]);
    expect(door.isFull()).toBe(false);
    door.handOver([], { admitted: 0, window: 2 });
    expect(door.isFull()).toBe(true);
    door.leave("d1");
    expect(door.isFull()).toBe(false);
  });

  it("is asked where one goes at a time: who asked first is known to all replicas", () => {
    const { door } = open(["d1"]);
    door.handOver([], { admitted: 0, window: 1 });
    expect(door.isFull()).toBe(false);
  });
});
