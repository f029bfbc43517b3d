import { describe, expect, it } from "@jest/globals";
import { Ledger } from "./ledger.ts";

const told = (status: string, code?: string) => ({ status, error: code === undefined ? null : { code } });

function counts({ accepted, delivered, unchanged, failures, open, lost, repeated }: Ledger) {
  return { accepted, delivered, unchanged, failures, open, lost: lost.map(({ id }) => id), repeated };
}

describe("the soak's ledger", () => {
  it("calls a task delivered when every target's receiver has it, whichever comes first, the 202 or the digest", () => {
    const ledger = new Ledger();
    ledger.receive("a", "t0", "a-0");
    expect(ledger.accept("a", ["t0", "t1"])).toBe(true);
    expect(counts(ledger)).toMatchObject({ accepted: 1, delivered: 0, open: 1 });
    ledger.receive("a", "t1", "a-1");
    expect(counts(ledger)).toMatchObject({ accepted: 1, delivered: 1, open: 0, repeated: 0, lost: [] });
  });

  it("counts a task that is answered twice once, and what comes twice under one webhook-id as repeated", () => {
    const ledger = new Ledger();
    ledger.accept("a", ["t0"]);
    expect(ledger.accept("a", ["t0"])).toBe(false);
    ledger.receive("a", "t0", "a-0");
    ledger.receive("a", "t0", "a-0");
    expect(counts(ledger)).toMatchObject({ accepted: 1, delivered: 1, repeated: 1 });
    expect([...ledger.repeats.keys()]).toEqual(["a"]);
  });

  it("believes what the API says of a task that has ended, and waits for one that has not", () => {
    const ledger = new Ledger();
    for (const id of ["a", "b", "c"]) ledger.accept(id, ["t0"]);
    ledger.settle("a", told("unchanged"));
    ledger.settle("b", told("failed", "repository_not_found"));
    ledger.settle("c", told("delivering"));
    expect(counts(ledger)).toMatchObject({ unchanged: 1, failures: 1, open: 1, lost: [] });
    expect([...ledger.failed]).toEqual([["repository_not_found", 1]]);
    expect(ledger.openTasks).toMatchObject([{ id: "c", told: { status: "delivering" } }]);
  });

  it("calls lost what is not known any more, and what is called delivered though a receiver never got it", () => {
    const ledger = new Ledger();
    ledger.accept("forgotten", ["t0"]);
    ledger.accept("claimed", ["t0", "t1"]);
    ledger.receive("claimed", "t0", "claimed-0");
    ledger.settle("forgotten", undefined);
    ledger.settle("claimed", told("delivered"));
    expect(counts(ledger)).toMatchObject({ delivered: 0, open: 0, lost: ["forgotten", "claimed"] });
    expect([...(ledger.lost[1]?.waiting ?? [])]).toEqual(["t1"]);
  });
});
