import { describe, expect, it } from "@jest/globals";
import { isDeliveryId, isTaskId, LARGEST_INDEX, toCreatedAtMs, toDeliveryId, toTaskId } from "./ids.ts";

const RANDOM = "0123456789abcdef0123456789abcdef";

describe("ids", () => {
  it("of tasks sort by their time of creation as text", () => {
    const times = [0, 1, 999, 1_700_000_000_000, 1_700_000_000_001, 4_102_444_800_000, 253_402_300_799_999];
    const ids = times.map((time) => toTaskId(time, RANDOM));
    expect(ids.toSorted()).toEqual(ids);
    expect(ids.map(toCreatedAtMs)).toEqual(times);
    expect(ids.every(isTaskId)).toBe(true);
  });

  it("of one millisecond sort by their order, and of one batch by their index", () => {
    const ids = ["0000000000000", "0000000000001", "00000000000ff", "8000000000000"].flatMap((order) =>
      [0, 1, 15, 16, 999, LARGEST_INDEX].map((index) => toTaskId(1_700_000_000_000, order, index)),
    );
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every(isTaskId)).toBe(true);
  });

  it("are neither all digits nor hold a character that BullMQ or a webhook-id forbids", () => {
    const taskId = toTaskId(0, "0".repeat(32));
    for (const id of [taskId, toDeliveryId(taskId, "00000000")]) expect(id).toMatch(/^[a-z][0-9a-z-]+$/);
  });

  it("of a delivery follow from task and target", () => {
    const taskId = toTaskId(1_700_000_000_000, RANDOM);
    expect(toDeliveryId(taskId, "89abcdef")).toBe(`d${taskId.slice(1)}-89abcdef`);
    expect(isDeliveryId(toDeliveryId(taskId, "89abcdef"))).toBe(true);
  });

  it.each([
    "",
    "t",
    "T0000000000000000000000000000",
    "t000000000000000000000000000",
    "t0000000000000000000000000000\n",
    "d0000000000000000000000000000",
  ])("are not of a task: %j", (text) => {
    expect([isTaskId(text), isDeliveryId(text)]).toEqual([false, false]);
  });
});
