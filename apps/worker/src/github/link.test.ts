import { expect, test } from "@jest/globals";
import { parseNextLink } from "./link.ts";

const NEXT = "https://api.github.com/repositories/1/issues?per_page=100&after=Y3Vyc29yOnYyOpLPAAAB";

test("the next page is found wherever it stands among the links", () => {
  expect(parseNextLink(`<${NEXT}>; rel="next"`)).toBe(NEXT);
  expect(parseNextLink(`<https://x/?page=1>; rel="prev", <${NEXT}>; rel="next", <https://x/?page=9>; rel="last"`)).toBe(
    NEXT,
  );
  expect(parseNextLink(`<${NEXT}>; title="a, b; c"; rel=next`)).toBe(NEXT);
  expect(parseNextLink(`<${NEXT}>; rel="last next"`)).toBe(NEXT);
  expect(parseNextLink(['<https://x/>; rel="first"', `<${NEXT}>; rel="next"`])).toBe(NEXT);
});

test("an address with a comma in it is one address", () => {
  expect(parseNextLink('<https://x/?labels=a,b&page=2>; rel="next"')).toBe("https://x/?labels=a,b&page=2");
});

test("without a next page there is none", () => {
  expect(parseNextLink(undefined)).toBeUndefined();
  expect(parseNextLink("")).toBeUndefined();
  expect(parseNextLink('<https://x/>; rel="prev", <https://x/>; rel="nextish"')).toBeUndefined();
  expect(parseNextLink('<https://x/>; title="rel=next"')).toBeUndefined();
  expect(parseNextLink("nonsense; rel=next")).toBeUndefined();
});
