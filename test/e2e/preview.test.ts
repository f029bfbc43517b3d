import { targetKindNames } from "@hookline/contracts";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { buildPage } from "../../preview/page.ts";
import { readStyles } from "../../preview/styles.ts";

let page = "";

beforeAll(async () => {
  page = buildPage(await readStyles());
});

describe("the preview page", () => {
  it.each(targetKindNames)("shows the same messages, notices and nasty texts as %s does", (kind) => {
    const [, section = ""] = page.split(`<section id="${kind}">`);
    const shown = toText(section.split("</section>", 1)[0] ?? "");
    const test = kind === "webhook" ? "target.test" : "This is a test";
    for (const text of ["octocat", "hello-world", "Welcome to The Leto Laptop!", test, "disabled", "503"]) {
      expect(shown).toContain(text);
    }
    expect(page).toContain(`id="nasty-${kind}"`);
  });

  it("runs nothing, whatever the messages hold", () => {
    expect(page).toContain("script-src 'none'");
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(page).not.toMatch(/<(?:script|img|iframe|object|embed|link|base|form|svg|meta http-equiv="refresh)/i);
    const tags = [...page.matchAll(/<[a-z][^>]*>/gi)].map(([tag]) => tag.replaceAll(/"[^"]*"/g, ""));
    expect(tags.filter((tag) => /\son\w+\s*=/i.test(tag))).toEqual([]);
    const links = [...page.matchAll(/\shref="([^"]*)"/g)].map(([, href = ""]) => href);
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter((href) => !/^(#|https?:|mailto:)/.test(href))).toEqual([]);
  });

  it("loads nothing", () => {
    expect(page).toContain("default-src 'none'");
    const tags = [...page.matchAll(/<[a-z][^>]*>/gi)].map(([tag]) => tag);
    expect(
      tags.filter((tag) => /\s(?:src|srcset|poster|data|action)\s*=/i.test(tag.replaceAll(/"[^"]*"/g, ""))),
    ).toEqual([]);
    expect(page).not.toMatch(/@import|url\(/i);
  });

  it("shows nobody called, nothing too large for its service, and nothing it does not know", () => {
    const main = page.slice(page.indexOf("<main>"));
    for (const name of ["mention", "too-large", "unknown"]) expect(main).not.toContain(`class="${name}"`);
  });
});

/** What is read, without tags and without the payloads below. */
function toText(markup: string): string {
  return markup.replaceAll(/<summary>Payload.*?<\/details>/gs, "").replaceAll(/<[^>]*>/g, "");
}
