import { expect, it } from "@jest/globals";
import { parseUrl } from "./parse-url.ts";

it("a URL with an umlaut is still one after many others (URL.canParse forgets that)", () => {
  for (let index = 0; index < 200_000; index += 1) parseUrl("https://example.com/a");
  expect(parseUrl("https://bücher.example/")?.hostname).toBe("xn--bcher-kva.example");
  expect(parseUrl("https://")).toBeUndefined();
  expect(parseUrl("/b", "https://example.com/a")?.href).toBe("https://example.com/b");
});
