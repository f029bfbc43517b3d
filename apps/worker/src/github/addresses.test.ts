import { PermanentError, TemporaryError } from "@hookline/runtime";
import { expect, test } from "@jest/globals";
import { toApiUrl, toGraphqlUrl, toNextUrl, toRedirectUrl } from "./addresses.ts";

const api = new URL("https://api.github.com");
const enterprise = new URL("https://ghe.example.com/api/v3/");

test("GraphQL is beside REST, or at /api/graphql on an Enterprise Server", () => {
  expect(toGraphqlUrl(api).href).toBe("https://api.github.com/graphql");
  expect(toGraphqlUrl(enterprise).href).toBe("https://ghe.example.com/api/graphql");
  expect(toGraphqlUrl(new URL("https://proxy.example.com/github")).href).toBe(
    "https://proxy.example.com/github/graphql",
  );
});

test("segments are encoded and cannot lead to another endpoint", () => {
  expect(toApiUrl(enterprise, ["users", "robot[bot]"]).href).toBe(
    "https://ghe.example.com/api/v3/users/robot%5Bbot%5D",
  );
  expect(toApiUrl(api, ["repos", "o", "a/b?c#d"], { per_page: "100" }).href).toBe(
    "https://api.github.com/repos/o/a%2Fb%3Fc%23d?per_page=100",
  );
  for (const segment of ["", ".", ".."]) expect(() => toApiUrl(api, ["repos", "o", segment])).toThrow(PermanentError);
});

test("redirects and next pages stay on host, port and protocol", () => {
  expect(toRedirectUrl(api, "/repositories/1").href).toBe("https://api.github.com/repositories/1");
  for (const away of ["https://evil.test/", "http://api.github.com/", "https://api.github.com:8443/"]) {
    expect(() => toRedirectUrl(api, away)).toThrow(PermanentError);
    expect(() => toNextUrl(api, away)).toThrow(TemporaryError);
  }
  expect(() => toRedirectUrl(api, undefined)).toThrow(TemporaryError);
  expect(() => toRedirectUrl(api, "https://[")).toThrow(TemporaryError);
});
