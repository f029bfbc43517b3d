import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettings, SettingsError } from "@hookline/runtime";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { workerVariables } from "./config.ts";

const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readSettings(workerVariables, env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe("the settings of a worker", () => {
  it("have the documented defaults", () => {
    expect(readSettings(workerVariables, {})).toMatchObject({
      WORKER_PORT: 4002,
      WORKER_CONCURRENCY: { tasks: 20, deliveries: 200 },
      WEBHOOK_URL: undefined,
      WEBHOOK_SECRET: [],
      WEBHOOK_KIND: undefined,
      HOOKLINE_CONFIG: undefined,
      OPERATOR_TARGET: undefined,
      DISABLE_TARGET_AFTER: 432_000_000,
      TZ: "UTC",
      TARGET_TIMEOUT: 15_000,
      TARGET_ALLOWED_NETWORKS: { isOpen: false, networks: [] },
      API_TOKEN: undefined,
      CACHE_TTL: 60_000,
      CACHE_STALE_TTL: 86_400_000,
      USER_CACHE_TTL: 86_400_000,
      SHUTDOWN_TIMEOUT: 30_000,
      QUEUE_PREFIX: "{hookline}",
    });
    expect(readSettings(workerVariables, {}).API_URL.href).toBe("https://api.github.com/");
  });

  it("are blank when they are blank", () => {
    expect(problemsOf({ WORKER_PORT: " ", WEBHOOK_URL: "", WEBHOOK_SECRET: "  " })).toEqual([]);
  });

  it("tell all that is wrong at once, each with its purpose, and no secret", () => {
    const wrong = {
      WORKER_PORT: "70000",
      WORKER_CONCURRENCY: "many",
      WEBHOOK_URL: "ftp://hidden.example/hidden-path",
      WEBHOOK_SECRET: "hidden-secret",
      TARGET_TIMEOUT: "1",
      TARGET_ALLOWED_NETWORKS: "10/8",
      API_URL: "api.github.com",
      CACHE_TTL: "-1",
      REDIS_URL: "http://user:hidden-password@redis",
      QUEUE_PREFIX: "hookline",
      LOG_LEVEL: "loud",
    };
    const problems = problemsOf(wrong);
    expect(problems.map((problem) => problem.split(":")[0])).toEqual(
      Object.keys(workerVariables).filter((name) => name in wrong),
    );
    for (const problem of problems) {
      const [name = ""] = problem.split(":");
      expect(problem).toContain(`(${workerVariables[name as keyof typeof workerVariables].purpose})`);
      expect(problem).not.toContain("hidden");
    }
  });

  it.each([
    "169.254.169.254",
    "[::ffff:a9fe:a9fe]",
    "0xa9fea9fe",
    "[fd00:ec2::254]",
    "100.100.100.200",
  ])("refuse the metadata address %s as WEBHOOK_URL", (host) => {
    expect(problemsOf({ WEBHOOK_URL: `http://${host}/latest` })).toEqual([expect.stringMatching(/^WEBHOOK_URL: /)]);
  });

  it("take a private WEBHOOK_URL, for the operator knows what it is", () => {
    expect(readSettings(workerVariables, { WEBHOOK_URL: "http://10.0.0.1:8080/hook" }).WEBHOOK_URL?.host).toBe(
      "10.0.0.1:8080",
    );
  });

  it("refuse user information in WEBHOOK_URL", () => {
    expect(problemsOf({ WEBHOOK_URL: "https://me:hidden@example.com/" })).toHaveLength(1);
  });

  it("take several signing secrets", () => {
    expect(readSettings(workerVariables, { WEBHOOK_SECRET: `${SECRET} ${SECRET}` }).WEBHOOK_SECRET).toEqual([
      SECRET,
      SECRET,
    ]);
  });
});

describe("TZ", () => {
  it.each(["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Kolkata"])("%s is a time zone", (TZ) => {
    expect(() => readSettings(workerVariables, { TZ })).not.toThrow();
  });

  it.each(["Mars/Olympus", ":Europe/Berlin", "CET+1", "Berlin"])("%s is none", (TZ) => {
    expect(problemsOf({ TZ })).toEqual([expect.stringMatching(/^TZ: must be a time zone such as Europe\/Berlin/)]);
  });
});

describe("WORKER_CONCURRENCY", () => {
  it.each([
    ["7", { tasks: 7, deliveries: 7 }],
    ["tasks=5,deliveries=50", { tasks: 5, deliveries: 50 }],
    ["deliveries=50,tasks=5", { tasks: 5, deliveries: 50 }],
    [" tasks = 5 , deliveries : 50 ", { tasks: 5, deliveries: 50 }],
    ["tasks 5,deliveries 50", { tasks: 5, deliveries: 50 }],
    ["tasks=1", { tasks: 1, deliveries: 200 }],
    ["deliveries=10000", { tasks: 20, deliveries: 10_000 }],
  ])("%j is understood", (text, concurrency) => {
    expect(readSettings(workerVariables, { WORKER_CONCURRENCY: text }).WORKER_CONCURRENCY).toEqual(concurrency);
  });

  it.each([
    "0",
    "tasks=0",
    "10001",
    "-1",
    "1.5",
    "tasks=",
    "events=5",
    "tasks=5;deliveries=5",
    "tasks=5,",
    "NaN",
  ])("%j is refused", (text) => {
    expect(problemsOf({ WORKER_CONCURRENCY: text })).toEqual([expect.stringMatching(/^WORKER_CONCURRENCY: must/)]);
  });
});

describe("NAME_FILE", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "hookline-config-"));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const write = (name: string, text: string) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };

  it("names a file that holds the value, whose final line break is dropped", () => {
    const settings = readSettings(workerVariables, {
      WEBHOOK_SECRET_FILE: write("secret", `${SECRET}\n`),
      API_TOKEN_FILE: write("token", "ghp_token\r\n"),
      WORKER_PORT_FILE: write("port", "5000"),
    });
    expect(settings).toMatchObject({ WEBHOOK_SECRET: [SECRET], API_TOKEN: "ghp_token", WORKER_PORT: 5000 });
  });

  it("gives way to the variable itself", () => {
    const env = { WORKER_PORT: "6000", WORKER_PORT_FILE: write("other", "5000") };
    expect(readSettings(workerVariables, env).WORKER_PORT).toBe(6000);
  });

  it("that cannot be read, or holds something wrong, is a problem of that variable", () => {
    const problems = problemsOf({
      API_TOKEN_FILE: join(directory, "missing"),
      WEBHOOK_SECRET_FILE: write("wrong", "hidden-secret"),
    });
    expect(problems).toEqual([
      expect.stringMatching(/^WEBHOOK_SECRET: /),
      expect.stringMatching(/^API_TOKEN: .*ENOENT/),
    ]);
    expect(problems.join()).not.toContain("hidden");
  });
});
