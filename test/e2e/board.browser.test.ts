import { accessSync, constants } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { operations } from "@hookline/contracts";
import { waitUntil } from "@hookline/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { type Browser, chromium, type Page } from "playwright-core";
import { type Stack, startStack } from "./support/stack.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"];
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const executablePath = findChromium();
if (executablePath === undefined)
  console.warn("SKIPPED: the pages are not looked at, because there is no Chromium (install it, or set CHROMIUM).");

function findChromium(): string | undefined {
  const directories = ["/usr/bin", ...(process.env.PATH ?? "").split(delimiter)];
  const candidates = directories.flatMap((directory) => NAMES.map((name) => join(directory, name)));
  return [process.env.CHROMIUM ?? "", ...candidates].find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return path !== "";
  } catch {
    return false;
  }
}

it("is looked at by a browser where one was provided for it", () => {
  if (process.env.HOOKLINE_BROWSER === "required") expect(executablePath).toBeDefined();
});

(executablePath === undefined ? describe.skip : describe)("in a browser", () => {
  let stack: Stack;
  let browser: Browser;
  let page: Page;
  let screenshots: string;
  let complaints: string[];
  let foreign: string[];

  beforeAll(async () => {
    screenshots = await mkdtemp(join(tmpdir(), "hookline-pages-"));
    stack = await startStack({ env: { BOARD_PASSWORD: "the-board" } });
    stack.github.addRepository({ owner: "octocat", name: "hello-world" });
    browser = await chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), args: ARGS });
    await queueSome(stack);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });
  afterEach(async () => {
    await page.context().close();
    expect(complaints).toEqual([]);
    expect(foreign).toEqual([]);
  });

  /** Opens a page and notes everything that a user's console or network monitor would show. */
  const open = async (path: string) => {
    const httpCredentials = { username: "admin", password: "the-board" };
    const context = await browser.newContext({ httpCredentials, viewport: { width: 1400, height: 1000 } });
    page = await context.newPage();
    complaints = [];
    foreign = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(stack.address) && !/^(data|blob):/.test(url)) foreign.push(url);
    });
    page.on("response", (response) => {
      // The first answer asks for the password.
      if (response.status() >= 400 && response.status() !== 401)
        complaints.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(stack.address + path);
  };
  const see = (text: string | RegExp) => page.getByText(text).first().waitFor({ timeout: 10_000 });
  const shoot = (name: string) => page.screenshot({ path: join(screenshots, `${name}.png`) });

  it("is told to load nothing from elsewhere, to run no script that stands in a page, and to show pages in no frame", async () => {
    await open("/docs");
    for (const path of ["/docs", "/board", "/tasks", "/nothing"]) {
      const { headers } = await fetch(stack.address + path);
      expect(headers.get("content-security-policy")).toContain("script-src 'self';");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
    const isRun = await page.evaluate(`(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'run'";
      document.head.append(script);
      return document.title === "run";
    })()`);
    expect(isRun).toBe(false);
    // The browser says so, which is what was wanted.
    expect(complaints.splice(0).join()).toMatch(/Content Security Policy/);
  });

  it.each(["/docs", "/board"])("%s is not shown in another page's frame", async (path) => {
    await open("/docs");
    await page.route("**/framing", (route) =>
      route.fulfill({ contentType: "text/html", body: `<iframe src="${stack.address}${path}"></iframe>` }),
    );
    await page.goto(`${stack.address}/framing`);
    await waitUntil(() => complaints.length > 0, { what: "the browser refuses to frame it" });
    const frame = page.frames().find((each) => each !== page.mainFrame());
    expect((await frame?.content().catch(() => "")) ?? "").not.toMatch(/Hookline|swagger/);
    expect(complaints.splice(0).join()).toMatch(/frame/i);
  });

  it("the board shows both queues", async () => {
    await open("/board");
    await see("Hookline");
    await see(/^tasks$/i);
    await see(/^deliveries$/i);
    await shoot("board");
  });

  it("the board shows waiting tasks, and one with what it carries", async () => {
    await open("/board/queue/tasks?status=delayed");
    await see("later-");
    await page.locator('a[href*="/board/queue/tasks/t"]').first().click();
    await page.waitForURL(/\/board\/queue\/tasks\/t[0-9a-f]{28}/);
    await see("later-");
    await shoot("task");
  });

  it("the board shows failed tasks with the reason", async () => {
    await open("/board/queue/tasks?status=failed");
    await see(/GitHub knows no such repository/);
    await shoot("failed");
  });

  it("the board shows deliveries", async () => {
    await open("/board/queue/deliveries?status=completed");
    await see("message.deliver");
    await shoot("deliveries");
  });

  it("the API's page shows every operation, and one in full", async () => {
    await open("/docs");
    await see("Ask for a repository's digest");
    await page.locator(".opblock").first().waitFor();
    expect(await page.locator(".opblock:not(#webhooks .opblock)").count()).toBeGreaterThanOrEqual(
      Object.keys(operations).length,
    );
    await shoot("docs");
    await page.locator("#operations-tasks-createTask button.opblock-summary-control").click();
    await see("Accepted, or waiting already");
    await shoot("operation");
  });
});

async function queueSome(stack: Stack): Promise<void> {
  const delivered = await stack.post({ username: "octocat", repository: "hello-world" });
  const failed = await stack.post({ username: "octocat", repository: "nothing-here" });
  for (let n = 0; n < 3; n += 1) {
    await stack.post({ username: "octocat", repository: `later-${n}`, scheduleInterval: 3_600_000 });
  }
  await stack.untilStatus(delivered.id, "delivered");
  await stack.untilStatus(failed.id, "failed");
}
