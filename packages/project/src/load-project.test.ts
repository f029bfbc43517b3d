import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { directory, ENV, load, path, problemsOf, problemsOfTarget, SECRET } from "../test/support/project-file.ts";
import { loadProject, ProjectError, readProject } from "./index.ts";

describe("a project file", () => {
  it("configures targets and inboxes, with the variables' values in their places", () => {
    const project = load(`
targets:
  team: { kind: slack, url: "\${URL}" }
  hook:
    kind: webhook
    url: https://example.com/\${TOKEN}/$\${literal}
    secret: \${SECRET}
    rate: 5/s
    timeout: 5000
    headers: { Authorization: "Bearer \${TOKEN}" }
sources:
  basecamp:
    inboxes:
      leto: { token: "\${INBOX}", deliver: [team, hook] }
`);
    expect(project.targets).toEqual({
      team: { kind: "slack", url: ENV.URL },
      hook: {
        kind: "webhook",
        url: "https://example.com/hidden-token/${literal}",
        secret: SECRET,
        rate: "5/s",
        timeout: 5000,
        headers: { Authorization: "Bearer hidden-token" },
      },
    });
    expect(project.inboxes).toEqual({ leto: { token: "inbox-token", deliver: ["team", "hook"] } });
    expect(project.secrets).toEqual(
      expect.arrayContaining([ENV.URL, "hidden-token", SECRET, "inbox-token", "Bearer hidden-token"]),
    );
    expect(project.secrets).toContain("https://example.com/hidden-token/${literal}");
  });

  it.each([
    "",
    "\n# nothing\n",
    "targets:\n",
    "targets: {}\nsources:\n  basecamp:\n",
    "---\n...\n",
  ])("may say nothing: %j", (text) => {
    expect(load(text)).toEqual({ targets: {}, inboxes: {}, secrets: [] });
  });

  it("has no targets but its own", () => {
    const { targets } = load("targets: { constructor: { kind: webhook, url: 'https://example.com/' } }");
    expect(Object.keys(targets)).toEqual(["constructor"]);
    expect(targets.toString).toBeUndefined();
  });

  it("is not read unless HOOKLINE_CONFIG names it", () => {
    expect(readProject({ env: {}, isTargetSecretNeeded: true }).targets).toEqual({});
    writeFileSync(path, "targets: { team: { kind: slack, url: 'https://example.com/' } }");
    const env = { HOOKLINE_CONFIG: path };
    expect(Object.keys(readProject({ env, isTargetSecretNeeded: true }).targets)).toEqual(["team"]);
  });

  it("takes a value from the file that NAME_FILE names", () => {
    const file = join(directory, "token");
    writeFileSync(file, "from-a-file\n");
    const text = "targets: { t: { kind: telegram, token: '${TG}', chatId: 5 } }";
    expect(load(text, { env: { TG_FILE: file } }).targets.t).toMatchObject({ token: "from-a-file" });
    const [problem] = problemsOf(text, { env: { TG_FILE: join(directory, "missing") } });
    expect(problem).toMatch(/^hookline\.yaml:1:\d+ targets\.t\.token: the variable TG cannot be read: .*ENOENT/);
  });

  it("keeps every digit of an id, and takes numbers out of variables", () => {
    const project = load(
      "targets:\n" +
        "  d: { kind: discord, url: 'https://example.com/', threadId: 12345678901234567890 }\n" +
        "  t: { kind: telegram, token: '${TOKEN}', chatId: '${CHAT}', messageThreadId: '${THREAD}', timeout: '${MS}' }\n",
      { env: { ...ENV, CHAT: "-100123", THREAD: "7", MS: "500" } },
    );
    expect(project.targets.d).toMatchObject({ threadId: "12345678901234567890" });
    expect(project.targets.t).toMatchObject({ chatId: "-100123", messageThreadId: 7, timeout: 500 });
  });

  it("may repeat itself by anchors and aliases, within bounds", () => {
    const { targets } = load("targets:\n  a: &a { kind: slack, url: 'https://example.com/' }\n  b: *a\n");
    expect(targets.b).toEqual(targets.a);
    const many = `a: &a 1\nb: [${"*a, ".repeat(101)}]`;
    expect(problemsOf(many)).toEqual(["hookline.yaml:2:405 is one alias more than the 100 allowed"]);
    expect(problemsOf("targets: &a { team: *a }")).toEqual(["hookline.yaml:1:15 is nested too deeply"]);
    expect(problemsOf("targets: *nothing")).toEqual([
      "hookline.yaml:1:10 is an alias of an anchor that does not stand before it",
    ]);
  });
});

describe("everything wrong with a project file is told at once, with its line and its path", () => {
  it("in the order of the file", () => {
    const text = `
targets:
  team:
    knd: slack
  hook:
    kind: webhok
  chat:
    kind: slack
    chanel: C1
    timeout: soon
    rate: fast
  "a b": { kind: teams, url: "https://example.com/" }
  zulip:
    kind: zulip
    url: ftp://zulip.example.com
    apiKey: hidden-literal
source: {}
sources:
  basecamp:
    inboxes:
      leto: { token: "\${MISSING}", deliver: [tam] }
      empty: { token: "\${INBOX}", deliver: [] }
      other: 5
triggers: {}
`;
    expect(problemsOf(text)).toEqual([
      "hookline.yaml:3:3 targets.team.kind: is missing; known are webhook, slack, discord, teams, mattermost, rocketchat, googlechat, zulip, telegram, flowdock",
      'hookline.yaml:6:11 targets.hook.kind: is no kind of target; did you mean "webhook"?',
      'hookline.yaml:9:5 targets.chat.chanel: is not known here; did you mean "channel"?',
      "hookline.yaml:10:14 targets.chat.timeout: must be integer",
      "hookline.yaml:11:11 targets.chat.rate: must be a pace such as 5/s, 20/min or 100/h",
      'hookline.yaml:12:3 targets["a b"]: must be named with letters, digits, dots, hyphens and underscores',
      "hookline.yaml:13:3 targets.zulip.email: is missing",
      "hookline.yaml:13:3 targets.zulip.stream: is missing",
      "hookline.yaml:15:10 targets.zulip.url: must be an http:// or https:// URL of at most 2048 characters",
      "hookline.yaml:16:13 targets.zulip.apiKey: must be written as ${VARIABLE}, so that the secret is not in the file",
      'hookline.yaml:17:1 source: is not known here; did you mean "sources"?',
      "hookline.yaml:21:22 sources.basecamp.inboxes.leto.token: the variable MISSING is not set, or empty",
      'hookline.yaml:21:46 sources.basecamp.inboxes.leto.deliver[0]: is no configured target; did you mean "team"?',
      "hookline.yaml:22:35 sources.basecamp.inboxes.empty.deliver: must be a list of at least one target's name",
      "hookline.yaml:23:14 sources.basecamp.inboxes.other: must be a mapping of options",
      "hookline.yaml:24:1 triggers: is not known here; known are targets, sources",
    ]);
  });

  it.each([
    ["targets:\n  a: 1\n  a: 2\n", "stands here a second time", "3:3"],
    ["targets:\n\ta: 1\n", "is indented by a tab: YAML takes blanks", "2:1"],
    ["targets: !!binary aGk=", "has a tag (!…) or a kind of value that is not taken here", "1:10"],
    ["targets: {}\n---\ntargets: {}", "begins a second document; there may be one", "2:1"],
    ["? [a]\n: 1", "is a name that is no text", "1:3"],
    ["targets: @x", "begins with a character that YAML keeps for itself: the text needs quotes", "1:10"],
    ['targets: "\\q"', 'has an escape that YAML does not know: in "…" a backslash is written \\\\', "1:11"],
    ["targets: a: b", "has two names on one line: a text with a colon needs quotes", "1:10"],
    ["targets: [{]}", "is indented wrongly, or a bracket before it is not closed", "1:12"],
    [
      "targets: [${A}]",
      "lacks a closing quote or bracket, or a comma; ${VARIABLE} inside { } or [ ] needs quotes",
      "1:12",
    ],
  ])("when it is no YAML: %j", (text, sentence, place) => {
    expect(problemsOf(text)[0]).toBe(`hookline.yaml:${place} ${sentence}`);
  });

  it("also of variables inside of braces without quotes, without repeating anything of the file", () => {
    const problems = problemsOf("targets: { t: { kind: slack, url: ${HIDDEN} hidden-text: 'hidden } }");
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join()).not.toMatch(/hidden/i);
  });

  it.each([
    "5",
    "[]",
    "- a",
    "text",
    "targets: []",
    "targets: 5",
    "targets: [a]",
    "sources: { basecamp: [] }",
  ])("when a part of it is something else: %j", (text) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(/ must be a mapping of names$/)]);
  });

  it("when it is missing, a directory, too large or no text", () => {
    const problemOf = (file: string) => {
      try {
        loadProject({ path: file, env: {}, isTargetSecretNeeded: true });
      } catch (error) {
        return error instanceof ProjectError ? error.message : String(error);
      }
      return "";
    };
    const missing = join(directory, "missing.yaml");
    expect(problemOf(missing)).toMatch(/^The project file is wrong:\n {2}- .*missing\.yaml: cannot be read: .*ENOENT/);
    expect(problemOf(missing)).toContain("(HOOKLINE_CONFIG names it)");
    expect(problemOf(directory)).toMatch(/EISDIR/);
    writeFileSync(path, `# ${"x".repeat(1024 * 1024)}`);
    expect(problemOf(path)).toMatch(/larger than 1 MiB/);
    writeFileSync(path, Buffer.from([0x61, 0xff, 0xfe]));
    expect(problemOf(path)).toMatch(/is not UTF-8$/);
  });

  it("when variables are not set, or are written wrongly", () => {
    expect(problemsOfTarget("kind: slack", "url: ${MISSING}")).toEqual([
      "hookline.yaml:4:10 targets.team.url: the variable MISSING is not set, or empty",
    ]);
    expect(problemsOfTarget("kind: slack", "url: https://x.example/${EMPTY}")).toHaveLength(1);
    for (const wrong of ["${", "${}", "${a b}", "${1A}", "https://x.example/${URL"]) {
      expect(problemsOfTarget("kind: slack", `url: '${wrong}'`)).toEqual([
        "hookline.yaml:4:10 targets.team.url: has ${ without a variable's name and }; a literal ${ is written $${",
      ]);
    }
  });
});

describe("without the targets' secrets, as ingest runs", () => {
  const text = `targets:
  team: { kind: slack, token: "\${A}", channel: "\${B}" }
  hook: { kind: webhook, url: "\${C}", secret: "\${D}", headers: { authorization: "Bearer \${E}" }, timeout: "\${F}" }
  zulip: { kind: zulip, url: "https://z.example/\${G}", email: "\${H}", apiKey: "\${I}", stream: s }
sources: { basecamp: { inboxes: { leto: { token: "\${INBOX}", deliver: [team, hook, zulip] } } } }
`;

  it("the names and kinds of the targets are known", () => {
    const { targets } = load(text, { isTargetSecretNeeded: false });
    expect(Object.entries(targets).map(([name, { kind }]) => [name, kind])).toEqual([
      ["team", "slack"],
      ["hook", "webhook"],
      ["zulip", "zulip"],
    ]);
  });

  it("whatever else is wrong is told all the same", () => {
    expect(problemsOf(text.replace("stream: s", "strem: s"), { isTargetSecretNeeded: false })).toEqual([
      "hookline.yaml:4:3 targets.zulip.stream: is missing",
      'hookline.yaml:4:87 targets.zulip.strem: is not known here; did you mean "stream"?',
    ]);
    expect(problemsOf(text, { isTargetSecretNeeded: false, env: {} })).toEqual([
      "hookline.yaml:5:50 sources.basecamp.inboxes.leto.token: the variable INBOX is not set, or empty",
    ]);
  });

  it("which a worker tells of, each", () => {
    expect(problemsOf(text)).toHaveLength(9);
  });
});

describe("an inbox of Basecamp", () => {
  const inboxes = (...lines: string[]) =>
    `targets: { team: { kind: teams, url: "https://a.example" } }\nsources:\n  basecamp:\n    inboxes:\n${lines.map((line) => `      ${line}\n`).join("")}`;

  it("delivers to configured targets, each once, or to WEBHOOK_URL", () => {
    const text = inboxes('leto: { token: "${INBOX}", deliver: [team, default, team] }');
    expect(problemsOf(text)).toEqual([
      "hookline.yaml:5:50 sources.basecamp.inboxes.leto.deliver[1]: is no configured target; known are team",
      "hookline.yaml:5:59 sources.basecamp.inboxes.leto.deliver[2]: stands here a second time",
    ]);
    const env = { ...ENV, WEBHOOK_URL: "https://b.example" };
    expect(load(text.replace(", team]", "]"), { env }).inboxes.leto?.deliver).toEqual(["team", "default"]);
  });

  it.each(["short", "with space", "a/b/c/d", "a%20b-c-d", "käsekäse"])("has no token like %j", (X) => {
    const problems = problemsOf(inboxes('leto: { token: "${X}", deliver: [team] }'), { env: { X } });
    expect(problems).toEqual([
      "hookline.yaml:5:22 sources.basecamp.inboxes.leto.token: must be 6 to 200 letters, digits, hyphens, dots, underscores or tildes",
    ]);
  });

  it("has a token of its own, which stands in a variable", () => {
    const same = ['leto: { token: "${INBOX}", deliver: [team] }', 'paul: { token: "${INBOX}", deliver: [team] }'];
    expect(problemsOf(inboxes(...same))).toEqual([
      "hookline.yaml:6:22 sources.basecamp.inboxes.paul.token: is the token of leto too",
    ]);
    const [problem] = problemsOf(inboxes("leto: { token: hidden-token, deliver: [team] }"));
    expect(problem).toMatch(/^hookline\.yaml:5:22 .*\.token: must be written as \$\{VARIABLE\}/);
    expect(problem).not.toContain("hidden");
  });
});
