import { describe, expect, it } from "@jest/globals";
import { toLoggedPath } from "./logged-path.ts";

const HIDDEN = "/webhooks/basecamp/recordings/{inboxToken}";

describe("a path in a log", () => {
  it.each([
    ["/tasks/t0000000000000000000000000000", "/tasks/t0000000000000000000000000000"],
    ["/webhooks/basecamp/recordings", "/webhooks/basecamp/recordings"],
    ["/webhooks/basecamp/recordings/secret-token", HIDDEN],
    ["/webhooks/basecamp/recordings/secret-token/", HIDDEN],
    ["/webhooks/basecamp/recordings/secret-token/more", HIDDEN],
    ["/Webhooks/BASECAMP/recordings/secret-token", HIDDEN],
    ["/webhooks/basecamp/recordings/%73ecret", HIDDEN],
  ])("%s is told as %s", (path, told) => {
    expect(toLoggedPath(path)).toBe(told);
  });
});
