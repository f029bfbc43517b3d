import { expect, test } from "@jest/globals";
import { orAborted, withAbort } from "./abort.ts";

test("work is left at once when its signal is aborted, with the signal's reason", async () => {
  const controller = new AbortController();
  const left = orAborted(new Promise(() => {}), controller.signal);
  controller.abort("shutdown");
  await expect(left).rejects.toBe("shutdown");
  await expect(orAborted(Promise.reject(new Error("late")), controller.signal)).rejects.toBe("shutdown");
  await expect(orAborted(Promise.resolve(1), new AbortController().signal)).resolves.toBe(1);
});

test("the inner signal follows the outer one and can be aborted alone", async () => {
  const outer = new AbortController();
  await withAbort(outer.signal, async (signal, abort) => {
    abort("own");
    expect([signal.reason, outer.signal.aborted]).toEqual(["own", false]);
  });
  outer.abort("outer");
  await withAbort(outer.signal, async (signal) => expect(signal.reason).toBe("outer"));
});
