import type { Changes, Digest } from "@hookline/contracts";
import { describe, expect, it } from "@jest/globals";
import { digestDocument } from "../../test/support/documents.ts";
import { toDigestMessage } from "./digest-message.ts";

const lively = digestDocument();
const tell = (overrides: Partial<Digest> = {}) => toDigestMessage(digestDocument(overrides), "UTC");
const unchanged: Changes = {
  since: "2026-11-20T12:00:00Z",
  issues: { opened: [], closed: [] },
  contributors: { joined: [] },
};
const quiet = { changes: unchanged };

describe("a digest with changes", () => {
  const message = tell();

  it("says in one line what is new", () => {
    expect(message).toMatchObject({
      title: "octocat/hello-world",
      url: "https://github.com/octocat/hello-world",
      summary: "octocat/hello-world: 3 new issues, 2 closed, 5 more stars, 1 new contributor",
      status: { tone: "news", text: "3 new issues" },
      footer: "Collected 2026-11-21 12:00 UTC",
      at: "2026-11-21T12:00:05.000Z",
      thread: { key: "octocat/hello-world", label: "octocat/hello-world" },
    });
  });

  it("tells six figures, those that changed first", () => {
    expect(message.facts).toEqual([
      { label: "Stars", value: "1,234 (+5)" },
      { label: "Open issues", value: "47 (+1)" },
      { label: "Contributors", value: "6 (+1)" },
      { label: "Forks", value: "312 (+1)" },
      { label: "Pull requests", value: "6" },
      { label: "Latest release", value: "v1.2.0" },
    ]);
  });

  it("lists what changed first, the newest first, and no issue twice", () => {
    expect(message.sections.map(({ title, items }) => [title, items.length])).toEqual([
      ["New issues", 3],
      ["Closed issues", 2],
      ["New contributors", 1],
      ["Other open issues", 5],
    ]);
    expect(message.sections[0]?.items[0]).toEqual({
      text: "#412 Worker exits with code 1 when Redis restarts during a drain",
      url: "https://github.com/octocat/hello-world/issues/412",
      note: "by hubot",
    });
    expect(message.sections[2]?.items).toEqual([
      { text: "Mona Lisa (monalisa)", url: "https://github.com/monalisa", note: "1 commit" },
    ]);
    const numbers = message.sections.flatMap(({ items }) => items.map(({ text }) => /^#\d+/.exec(text)?.[0] ?? text));
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(message.sections[3]?.more).toEqual({
      count: 39,
      url: "https://github.com/octocat/hello-world/issues",
    });
  });

  it("links a bot to its app and leaves an unknown author out", () => {
    expect(tell({ changes: null }).sections[1]?.items[2]).toEqual({
      text: "renovate[bot]",
      url: "https://github.com/apps/renovate",
      note: "97 commits",
    });
    expect(message.sections[1]?.items[1]?.note).toBeUndefined();
  });
});

describe("what changed", () => {
  const issue = { number: 1, title: "x", url: "https://github.com/o/r/issues/1", author: null };
  it.each<[Partial<Changes>, string, string]>([
    [
      { latestRelease: { old: "v1", new: "v1.2" }, stars: { old: 1, new: 2 } },
      "New release v1.2",
      "new release v1.2, 1 more star",
    ],
    [{ latestRelease: { old: "v1", new: null } }, "Latest release removed", "latest release removed"],
    [{ archived: { old: false, new: true } }, "Archived", "archived"],
    [{ archived: { old: true, new: false } }, "No longer archived", "no longer archived"],
    [{ visibility: { old: "public", new: "private" } }, "Now private", "now private"],
    [{ issues: { opened: [issue], closed: [] } }, "1 new issue", "1 new issue"],
    [{ issues: { opened: [], closed: [issue] } }, "1 closed issue", "1 closed issue"],
    [{ openIssues: { old: 9, new: 7 } }, "2 fewer open issues", "2 fewer open issues"],
    [{ stars: { old: 5000, new: 3000 } }, "2,000 fewer stars", "2,000 fewer stars"],
    [{ contributors: { joined: ["a", "b"] } }, "2 new contributors", "2 new contributors"],
    [{ openPullRequests: { old: 0, new: 1 } }, "1 more open pull request", "1 more open pull request"],
    [{ watchers: { old: 0, new: 1 }, forks: { old: 2, new: 4 } }, "2 more forks", "2 more forks, 1 more watcher"],
    [{ license: { old: null, new: "MIT" } }, "License MIT", "license MIT"],
    [{ license: { old: "MIT", new: null } }, "License removed", "license removed"],
    [{ defaultBranch: { old: "master", new: "main" } }, "Default branch main", "default branch main"],
    [{ description: { old: "a", new: "b" } }, "New description", "new description"],
    [{ pushedAt: { old: null, new: "2026-11-21T10:15:00Z" } }, "New commits", "new commits"],
  ])("of %j is told as %s", (changes, status, summary) => {
    const message = tell({ changes: { ...unchanged, ...changes } });
    expect(message.status).toEqual({ tone: "news", text: status });
    expect(message.summary).toBe(`octocat/hello-world: ${summary}`);
  });

  it("stands first among the figures, with what it was", () => {
    const changes = { ...unchanged, stars: { old: 2234, new: 1234 }, latestRelease: { old: "v1.1", new: "v1.2.0" } };
    expect(tell({ changes }).facts.slice(0, 3)).toEqual([
      { label: "Stars", value: "1,234 (−1,000)" },
      { label: "Latest release", value: "v1.2.0 (was v1.1)" },
      { label: "Open issues", value: "47" },
    ]);
  });
});

describe("a digest without changes", () => {
  it("says so quietly and still shows the newest issues", () => {
    const message = tell(quiet);
    expect(message.status).toEqual({ tone: "quiet", text: "No changes" });
    expect(message.summary).toBe("octocat/hello-world: no changes");
    expect(message.sections.map(({ title }) => title)).toEqual(["Newest issues"]);
    expect(message.sections[0]?.items[0]?.text).toMatch(/^#412 /);
    expect(message.sections[0]?.more?.count).toBe(37);
    expect(message.facts.map(({ label }) => label)).toEqual([
      "Stars",
      "Open issues",
      "Pull requests",
      "Latest release",
      "Contributors",
      "Main language",
    ]);
    expect(message.facts.at(-1)?.value).toBe("TypeScript (98%)");
  });

  it("is the first when there was none before", () => {
    const message = tell({ changes: null });
    expect(message.status).toEqual({ tone: "quiet", text: "First digest" });
    expect(message.summary).toBe("octocat/hello-world: first digest");
  });

  it("of an empty repository has no lists, and figures all the same", () => {
    const stats = {
      ...lively.stats,
      openIssues: 0,
      contributors: 0,
      latestRelease: null,
      languages: {},
      license: null,
    };
    const message = tell({ issues: [], contributors: [], stats, changes: null });
    expect(message.sections).toEqual([]);
    expect(message.facts.map(({ label }) => label)).toEqual([
      "Stars",
      "Open issues",
      "Pull requests",
      "Contributors",
      "Forks",
      "Watchers",
    ]);
    expect(message.url).toBe("https://github.com/octocat/hello-world");
  });
});

describe("a digest's footer", () => {
  const snapshot = { ...lively.snapshot, collectedAt: "2026-11-21T02:05:00.000Z" };

  it("tells the time in the time zone", () => {
    const message = toDigestMessage(digestDocument({ snapshot }), "America/New_York");
    expect(message.footer).toBe("Collected 2026-11-20 21:05 EST");
  });

  it("says that the copy is old", () => {
    const message = tell({ snapshot: { ...snapshot, stale: true } });
    expect(message.footer).toBe("Collected 2026-11-21 02:05 UTC · GitHub could not be asked since");
  });

  it("says what is missing, a few reasons of many", () => {
    const partialReasons = ["a\u202e\n", "b", " ", "c", "d"];
    const message = tell({ snapshot: { ...snapshot, partial: true, partialReasons } });
    expect(message.footer).toBe("Collected 2026-11-21 02:05 UTC · Incomplete: a; b; c");
  });
});

describe("a huge digest", () => {
  const many = Array.from({ length: 10_000 }, (_, index) => ({
    number: index + 1,
    title: `Issue ${index + 1}`,
    author: "octocat",
    labels: [],
    url: `https://github.example/octocat/hello-world/issues/${index + 1}`,
    createdAt: "2026-01-01T00:00:00Z",
  }));
  const stats = { ...lively.stats, openIssues: 12_345 };

  it("counts what it does not show and does not call the newest what may not be", () => {
    const message = tell({ issues: many, stats, changes: null });
    expect(message.sections[0]).toMatchObject({ title: "Open issues", more: { count: 12_335 } });
    expect(message.facts[1]).toEqual({ label: "Open issues", value: "12,345" });
  });

  it("shows ten of many new issues and says where the others are", () => {
    const message = tell({ issues: many, stats, changes: { ...unchanged, issues: { opened: many, closed: many } } });
    expect(message.summary).toBe("octocat/hello-world: 10,000 new issues, 10,000 closed");
    expect(message.sections.map(({ items, more }) => [items.length, more?.count, more?.url])).toEqual([
      [10, 9990, "https://github.example/octocat/hello-world/issues"],
      [10, 9990, "https://github.example/octocat/hello-world/issues?q=is%3Aissue%20is%3Aclosed"],
    ]);
  });
});

it("links to where the issues are, and groups by repository however it is spelled", () => {
  const [issue] = lively.issues;
  const issues = issue === undefined ? [] : [{ ...issue, url: "https://ghe.example:8443/Octocat/Hello/issues/1" }];
  const message = tell({ user: "Octocat", repository: "Hello", issues, changes: null });
  expect(message.url).toBe("https://ghe.example:8443/Octocat/Hello");
  expect(message.thread).toEqual({ key: "octocat/hello", label: "Octocat/Hello", url: message.url });
  expect(message.sections[1]?.items[0]?.url).toBe("https://ghe.example:8443/octocat");
});

it("names an issue whose title cannot be seen", () => {
  const [issue] = lively.issues;
  const issues = issue === undefined ? [] : [{ ...issue, title: "\u202e\u0000", url: "javascript:alert(1)" }];
  expect(tell({ issues, changes: null }).sections[0]?.items[0]).toMatchObject({
    text: "#100 (no title)",
    url: undefined,
  });
});
