import { describe, expect, it } from "@jest/globals";
import { operations, problemTypes, queueNames, taskCatalog } from "./index.ts";

const all = Object.entries(operations);

describe("the contract", () => {
  it("names each operation by its key, on a path of its own", () => {
    for (const [key, { id }] of all) expect(id).toBe(key);
    const routes = all.map(([, { method, path }]) => `${method} ${path}`);
    expect(new Set(routes).size).toBe(routes.length);
  });

  it("lets whoever may change something hear that it is forbidden, and whoever needs a key that it is missing", () => {
    for (const [, operation] of all) {
      const problems: readonly string[] = operation.problems;
      if (!("isOpen" in operation)) expect(problems).toContain("unauthorized");
      if (operation.method !== "get") expect(problems).toContain("forbidden");
      if (operation.path.includes("{")) expect(problems).toContain("not_found");
    }
  });

  it("gives every problem an HTTP status of an error and a title", () => {
    for (const { status, title } of Object.values(problemTypes)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      expect(title).toMatch(/^[A-Z]/);
    }
  });

  it("puts every kind of task into a queue that there is", () => {
    for (const { queue } of Object.values(taskCatalog)) expect(queueNames).toContain(queue);
  });
});
