import { targetKindNames } from "@hookline/contracts";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { buildPage } from "../../preview/page.ts";
import { readStyles } from "../../preview/styles.ts";

let page = "";

beforeAll(async () => {
  page = buildPage(await readStyles());
});

describe("the preview page", () => {
  it.each(targetKindNames)("shows a digest, a Basecamp message, notices and nasty texts as %s shows them", (kind) => {
    const [, section = ""] = page.split(`<section id="${kind}">`);
    const shown = toText(section.split("</section>", 1)[0] ?? "");
    for (const text of ["octocat", "Welcome to The Leto Laptop!", "This is a test", "disabled", "503"]) {
      expect(shown).toContain(text.replace("This is a test", kind === "webhook" ? "target.test" : text));
    }
    expect(page).toContain(`id="nasty-${kind}"`);
  });

  it("runs nothing, whatever the messages hold", () => {
    expect(page).toContain("script-src &#39;none&#39;".replaceAll("&#39;", "'"));
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(page).not.toMatch(/<script|<img|<iframe|<object|<link|<base|<form|javascript:[^<]*"[^<]*>/i);
    const tags = [...page.matchAll(/<[a-z][^>]*>/gi)].map(([tag]) => tag);
    expect(tags.filter((tag) => /\son\w+\s*=/i.test(tag.replaceAll(/"[^"]*"/g, "")))).toEqual([]);
    const links = [...page.matchAll(/\shref="([^"]*)"/g)].map(([, href = ""]) => href);
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter((href) => !/^(#|https?:|mailto:)/.test(href))).toEqual([]);
  });

  it("loads nothing", () => {
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/\s(?:src|srcset|poster|data|action)\s*=\s*"/i);
    expect(page).not.toMatch(/@import|url\(/i);
  });

  it("shows nobody being called, and nothing that is larger than its service takes", () => {
    const main = page.slice(page.indexOf("<main>"));
    expect(main).not.toContain('class="mention"');
    expect(main).not.toContain('class="too-large"');
    expect(main).not.toContain('class="unknown"');
  });
});

/** What is read, without tags and the payloads below. */
function toText(markup: string): string {
  return markup.replaceAll(/<summary>Payload[^]*?<\/details>/g, "").replaceAll(/<[^>]*>/g, "");
}
