import { expect, test } from "@jest/globals";
import { waitUntil } from "./wait-until.ts";

test("it returns the first truthy value, and a throwing condition is not there yet", async () => {
  let calls = 0;
  const value = await waitUntil(
    () => {
      calls += 1;
      if (calls === 1) throw new Error("early");
      return calls > 2 ? `after ${calls}` : undefined;
    },
    { what: "the third call", intervalMs: 1 },
  );
  expect(value).toBe("after 3");
});

test("the error names what was awaited and the last error", async () => {
  const never = () => Promise.reject(new Error("refused"));
  await expect(waitUntil(never, { what: "a reply", timeoutMs: 10 })).rejects.toThrow(/10 ms.*a reply.*refused/);
});
