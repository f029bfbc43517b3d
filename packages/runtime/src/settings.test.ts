import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { listenVariables, redisVariables, toHost } from "./common-variables.ts";
import { readSettings, SettingsError, secretTexts } from "./settings.ts";
import { custom, httpUrl, integer, list, oneOf, parseHttpUrl, secret, text } from "./variables.ts";

const variables = {
  COUNT: integer({ purpose: "how many", default: 5, min: 0, max: 10 }),
  NAME: text({ purpose: "what it is called" }),
  PASSWORD: secret({ purpose: "who may come in" }),
  HOSTS: list({ purpose: "where" }),
  MODE: oneOf(["fast", "slow"], { purpose: "how", default: "fast" }),
  HOOK: httpUrl({ purpose: "where to post" }),
  API: custom({ purpose: "whom to ask", default: "https://api.example.com" }, parseHttpUrl),
  EVEN: custom({ purpose: "an even number", default: "2" }, (value) => {
    if (Number(value) % 2 !== 0) throw new Error("must be even");
    return Number(value);
  }),
};
const directory = mkdtempSync(join(tmpdir(), "hookline-settings-"));
const file = (name: string, content: string) => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};
const problemsOf = (env: Record<string, string>) => {
  try {
    readSettings(variables, env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
  }
  return [];
};

afterAll(() => rmSync(directory, { recursive: true }));

describe("settings", () => {
  it("take their defaults when they are unset or blank", () => {
    const defaults = readSettings(variables, { COUNT: " ", NAME: "", HOSTS: "\t" });
    expect(defaults).toEqual({
      COUNT: 5,
      NAME: undefined,
      PASSWORD: undefined,
      HOSTS: [],
      MODE: "fast",
      HOOK: undefined,
      API: new URL("https://api.example.com"),
      EVEN: 2,
    });
  });

  it("are read without the blanks around them", () => {
    expect(readSettings(variables, { COUNT: " 7 ", HOSTS: " a, ,b ,", NAME: " x y " })).toMatchObject({
      COUNT: 7,
      HOSTS: ["a", "b"],
      NAME: "x y",
    });
  });

  it.each([
    "1.5",
    "1e1",
    "0x5",
    "five",
    "-1",
    "11",
    "99999999999999999999",
    "5 5",
    "Infinity",
    "NaN",
  ])("refuse %j as a whole number from 0 to 10", (COUNT) => {
    expect(problemsOf({ COUNT })).toEqual([`COUNT: must be a whole number from 0 to 10, not "${COUNT}" (how many)`]);
  });

  it.each([
    "ftp://example.com",
    "hook.example",
    "http://",
    "//x",
    "https://user@hook.example",
    "https://u:p@hook.example",
  ])("refuse %j as a URL, without repeating what may be a secret", (HOOK) => {
    const [problem] = problemsOf({ HOOK });
    expect(problem).toMatch(/^HOOK: must .* \(where to post\)$/);
    expect(problem).not.toContain(HOOK);
  });

  it("name all that is wrong at once, each with its purpose", () => {
    const problems = problemsOf({ COUNT: "x", MODE: "x", HOOK: "x", EVEN: "3", API: "x", PASSWORD_FILE: "/nowhere" });
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "COUNT",
      "PASSWORD",
      "MODE",
      "HOOK",
      "API",
      "EVEN",
    ]);
    expect(problems.every((problem) => problem.endsWith(")"))).toBe(true);
    expect(new SettingsError(problems).message.split("\n")).toHaveLength(7);
  });

  it("come from the file that NAME_FILE names, less its line break; the variable itself goes first", () => {
    const env = { PASSWORD_FILE: file("password", "from a file\r\n"), NAME_FILE: file("name", "file"), NAME: "direct" };
    expect(readSettings(variables, env)).toMatchObject({ PASSWORD: "from a file", NAME: "direct" });
    expect(readSettings(variables, { NAME_FILE: file("empty", "\n") }).NAME).toBeUndefined();
  });

  it("know their secrets, each part of a list for itself, also from files", () => {
    const known = { ...variables, KEYS: list({ purpose: "keys", isSecret: true }) };
    const env = { NAME: "plain", HOOK: "https://x.example/y", KEYS: "one, two", PASSWORD_FILE: file("pw", "three\n") };
    expect(secretTexts(known, env).toSorted()).toEqual(["https://x.example/y", "one", "three", "two"]);
  });
});

describe("the settings that both apps share", () => {
  const read = (env: Record<string, string>) => readSettings(redisVariables, env);

  it.each(["{hookline}", "a{b}c", "{a-b.c_1}"])("take %j as a queue prefix", (QUEUE_PREFIX) => {
    expect(read({ QUEUE_PREFIX }).QUEUE_PREFIX).toBe(QUEUE_PREFIX);
  });

  it.each(["hookline", "{}", "{a}{b}", "{a", "a}", "{a b}", "{a}:b"])("refuse %j as one", (QUEUE_PREFIX) => {
    expect(() => read({ QUEUE_PREFIX })).toThrow("hash tag");
  });

  it.each(["http://x", "redis", "localhost:6379", "redis//x", "file:///x"])("refuse %j as Redis", (REDIS_URL) => {
    expect(() => read({ REDIS_URL })).toThrow("must be a redis:// or rediss:// URL");
  });

  it("take sentinels and nodes as hosts, with or without ports, and refuse what is none", () => {
    const texts = ["redis-1:26379", "10.0.0.1", "[::1]:7000", "[::1]"];
    expect(read({ REDIS_SENTINELS: texts.join(" , ") }).REDIS_SENTINELS).toEqual(texts);
    expect(read({}).REDIS_CLUSTER_NODES).toEqual([]);
    for (const text of ["a b", "redis://a:1", "a:1;b:1", "::1", "a:port", ":1"]) {
      expect(() => read({ REDIS_CLUSTER_NODES: `fine:1,${text}` })).toThrow(`"${text}" is not`);
    }
  });

  it("listen on loopback only, on all addresses once there are keys, and where HOST says", () => {
    const host = (env: Record<string, string>) => toHost(readSettings(listenVariables, env));
    expect([host({}), host({ API_KEYS: "," }), host({ API_KEYS: "k" }), host({ HOST: "::1", API_KEYS: "k" })]).toEqual([
      "127.0.0.1",
      "127.0.0.1",
      undefined,
      "::1",
    ]);
  });

  it.each([
    "with blank",
    "pässword",
  ])("refuses an API key that no client could send (%s): it answered 401 to all", (key) => {
    const read = () => readSettings(listenVariables, { API_KEYS: `good,${key}` });
    expect(read).toThrow(/API_KEYS: key 2 must consist of visible ASCII/);
    expect(read).not.toThrow(key);
  });
});
