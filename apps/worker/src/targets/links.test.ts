import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { toSafeUrl } from "./links.ts";

const rules = { max: 2000, allowsMail: true };

describe("a link that a stranger wrote", () => {
  it.each([
    ["https://example.com", "https://example.com/"],
    ["http://example.com:8080/a?b=c&d=e#f", "http://example.com:8080/a?b=c&d=e#f"],
    ["https://[2001:db8::1]/[x]", "https://[2001:db8::1]/%5Bx%5D"],
    ["https://example.com/a_(b)|<c>\"'`\\ d", "https://example.com/a_%28b%29%7C%3Cc%3E%22%27%60/%20d"],
    ["https://example.com/?q=)](x)#)|>", "https://example.com/?q=%29%5D%28x%29#%29%7C%3E"],
    ["mailto:a@example.com?subject=<b>)", "mailto:a@example.com?subject=%3Cb%3E%29"],
    ["https://github.com@evil.example/x", "https://evil.example/x"],
  ])("%s leads to %s", (url, safe) => {
    expect(toSafeUrl(url, rules)).toBe(safe);
  });

  it.each([
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "data:text/html,<b>",
    "tg://user?id=1",
    "file:///etc/passwd",
    "slack://open",
    "//example.com",
    "/relative",
    "",
    "https://",
    "https://a b/",
    `https://example.com/${"a".repeat(2000)}`,
  ])("%s leads nowhere", (url) => {
    expect(toSafeUrl(url, rules)).toBeUndefined();
  });

  it("is a mail address only where the service takes one", () => {
    expect(toSafeUrl("mailto:a@example.com", { max: 2000 })).toBeUndefined();
    expect(toSafeUrl(undefined, rules)).toBeUndefined();
  });

  it("never holds what could end it, and is safe as it is", () => {
    const anyUrl = fc.tuple(
      fc.constantFrom("https://example.com/", "mailto:", "https://x/?", ""),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(anyUrl, ([start, rest]) => {
        const safe = toSafeUrl(start + rest, rules) ?? "https://example.com/";
        expect(safe.replace(/^https?:\/\/\[[0-9a-f:.]+\]/, "")).toMatch(/^[^\s"'<>|\\^`{}()[\]]+$/);
        expect(toSafeUrl(safe, rules)).toBe(safe);
      }),
    );
  });
});
