import { describe, expect, it } from "@jest/globals";
import { toLinkUrl, toWebUrl } from "./web-url.ts";

describe("an address from outside", () => {
  it.each([
    ["https://example.com", "https://example.com/"],
    [" HTTP://Example.com/a b ", "http://example.com/a%20b"],
    ["https://example.com/?q=\u202e", "https://example.com/?q=%E2%80%AE"],
    ["https://example.com/\ud800", "https://example.com/%EF%BF%BD"],
    ["https://example.com/a|b", "https://example.com/a%7Cb"],
    ["https://bücher.example/", "https://xn--bcher-kva.example/"],
  ])("%j becomes the link %s", (text, url) => {
    expect(toWebUrl(text)).toBe(url);
    expect(toLinkUrl(text)).toBe(url);
  });

  it.each([
    null,
    undefined,
    "",
    "some content",
    "/relative",
    "//example.com/",
    "http:example.com",
    "https:\\\\example.com",
    "https://",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "ftp://example.com/",
    "tg://user?id=1",
    `https://example.com/${"a".repeat(2000)}`,
  ])("%j is no link", (text) => {
    expect(toWebUrl(text)).toBeUndefined();
    expect(toLinkUrl(text)).toBeUndefined();
  });

  it("may be a mail address within a text only, and cannot end the link that it stands in", () => {
    expect(toWebUrl("mailto:a@example.com")).toBeUndefined();
    expect(toLinkUrl("mailto:a@example.com")).toBe("mailto:a@example.com");
    expect(toLinkUrl('mailto:a|b <c>"@example.com')).toBe("mailto:a%7Cb%20%3Cc%3E%22@example.com");
  });
});
