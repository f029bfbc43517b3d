import { describe, expect, it } from "@jest/globals";
import { load, problemsOf, problemsOfTarget, SECRET } from "../test/support/project-file.ts";

describe("a target of the project file", () => {
  it.each([
    ["http://169.254.169.254/", "169.254.169.254 is a link-local or metadata address"],
    ["https://me:hidden@example.com/", "must not contain a user name or password"],
    ["https://", "must be a URL such as https://example.com/hook"],
  ])("has no URL like %s", (url, sentence) => {
    const text = `targets:\n  t: { kind: telegram, token: "\${TOKEN}", chatId: 1, apiUrl: "${url}" }\n  w: { kind: webhook, url: "${url}" }`;
    const problems = problemsOf(text);
    expect(problems).toEqual([
      `hookline.yaml:2:62 targets.t.apiUrl: ${sentence}`,
      `hookline.yaml:3:28 targets.w.url: ${sentence}`,
    ]);
  });

  it.each([
    ["url: https://a.example", "token: ${TOKEN}", "channel: C1"],
    ["url: https://a.example", "channel: C1"],
    ["token: ${TOKEN}"],
    ["channel: C1"],
    [],
  ])("of Slack has a url, or a token and a channel (%j, %j, %j)", (...options) => {
    const [problem, ...more] = problemsOfTarget("kind: slack", ...options);
    expect(problem).toMatch(/^hookline\.yaml:\d:\d+ targets\.team: takes a url, or a token and a channel$/);
    expect(more).toEqual([]);
  });

  it("of Discord has a threadId or is a forum", () => {
    const options = ["kind: discord", "url: https://a.example", "threadId: '5'", "forum: true"];
    expect(problemsOfTarget(...options)).toEqual([
      "hookline.yaml:2:3 targets.team: takes a threadId or forum: true, not both",
    ]);
  });

  it("of Telegram has a chat", () => {
    expect(problemsOfTarget("kind: telegram", "token: ${TOKEN}", "chatId: here")).toEqual([
      "hookline.yaml:5:13 targets.team.chatId: must be a chat's id or @channel",
    ]);
  });

  it("has secrets that are checked as WEBHOOK_SECRET is", () => {
    const text = "targets:\n  w: { kind: webhook, url: 'https://a.example', secret: '${S}' }";
    expect(problemsOf(text, { env: { S: "hidden" } })).toEqual([
      "hookline.yaml:2:57 targets.w.secret: secret 1 must begin with whsec_",
    ]);
    expect(problemsOf(text, { env: { S: `${SECRET} ${SECRET}` } })).toEqual([]);
  });

  it.each([
    ["slack", "token", "channel: C1"],
    ["telegram", "token", "chatId: 1"],
    ["webhook", "secret", "url: https://a.example"],
    ["flowdock", "flowToken", "url: https://a.example"],
  ])("of %s takes its %s from a variable only, and does not show one that stands there", (kind, name, other) => {
    for (const literal of ["hidden-literal", "x${TOKEN}", "'${TOKEN} '", "$${TOKEN}", "123456"]) {
      const problems = problemsOfTarget(`kind: ${kind}`, other, `${name}: ${literal}`);
      expect(problems).toEqual([
        expect.stringContaining(`targets.team.${name}: must be written as \${VARIABLE}, so that the secret is not`),
      ]);
      expect(problems.join()).not.toContain("hidden");
    }
    expect(problemsOfTarget(`kind: ${kind}`, other, `${name}: \${${name === "secret" ? "SECRET" : "TOKEN"}}`)).toEqual(
      [],
    );
  });

  it.each(["Content-Length", "host", "Transfer-Encoding", "connection"])("cannot set the header %s", (name) => {
    expect(problemsOfTarget("kind: teams", "url: https://a.example", "headers:", `  ${name}: x`)).toEqual([
      `hookline.yaml:6:7 targets.team.headers.${name}: cannot be set here`,
    ]);
  });

  it("sets headers with proper names and values, each once", () => {
    const headers = ["'a b': x", "b: 'y\\u00e9'", 'c: "\\n"', "d: 1", "E: x", "e: x"];
    const problems = problemsOfTarget(
      "kind: teams",
      "url: https://a.example",
      "headers:",
      ...headers.map((h) => `  ${h}`),
    );
    expect(problems.map((problem) => problem.replace("hookline.yaml:", ""))).toEqual([
      '6:7 targets.team.headers["a b"]: is not a name that can stand here',
      "8:10 targets.team.headers.c: must be visible ASCII",
      "9:10 targets.team.headers.d: must be visible ASCII",
      "11:7 targets.team.headers.e: stands here a second time",
    ]);
  });

  it("may be called default unless WEBHOOK_URL is", () => {
    const text = "targets:\n  default: { kind: webhook, url: 'https://a.example' }";
    expect(Object.keys(load(text).targets)).toEqual(["default"]);
    expect(problemsOf(text, { env: { WEBHOOK_URL: "https://b.example" } })).toEqual([
      "hookline.yaml:2:3 targets.default: is the target of WEBHOOK_URL, which is set: name this one differently",
    ]);
  });
});
