import type { TargetConfig } from "@hookline/contracts";
import { type ChatSimulator, startChatSimulator } from "@hookline/testing";
import { afterEach, describe, expect, it } from "@jest/globals";
import { basecampDocument } from "./support/documents.ts";
import { startTestWorker, type TestWorker } from "./support/worker.ts";

let chat: ChatSimulator;
let worker: TestWorker;

afterEach(async () => {
  await worker.stop();
  await chat.stop();
});

async function start(replicas = 1): Promise<void> {
  chat = await startChatSimulator({ kind: "slack" });
  const { apiUrl = "", token = "", channel = "" } = chat.botTarget ?? {};
  const team: TargetConfig = { kind: "slack", apiUrl, token, channel, rate: "200/s" };
  worker = startTestWorker({ targets: { team }, timeZone: "Europe/Berlin" });
  worker.work("tasks", 1);
  for (let index = 0; index < replicas; index += 1) worker.work("deliveries");
}

const say = (title: string, timestamp: string, more = {}) =>
  worker.addDocument(basecampDocument({ timestamp, recording: { title, parentId: "34" }, ...more }), ["team"]);
const titles = () => [...chat.threads.values()].map((thread) => thread.map(({ texts }) => texts.join(" ")));

describe("a day's thread", () => {
  it("ends at midnight in TZ, whatever the day is in UTC", async () => {
    await start();
    // Midnight in Berlin is 23:00 UTC in winter.
    for (const [title, time] of [
      ["Evening", "2026-01-10T22:58:00.000Z"],
      ["Late evening", "2026-01-10T22:59:59.999Z"],
      ["Night", "2026-01-10T23:00:00.000Z"],
      ["Next noon", "2026-01-11T11:00:00.000Z"],
    ] as const) {
      await worker.until(await say(title, time), "completed", "team");
    }
    expect(titles().map((thread) => thread.length)).toEqual([2, 2]);
    expect(titles()[1]?.[0]).toContain("Night");
  });

  it("shows the latest title and status in its root", async () => {
    await start();
    await worker.until(await say("Plans", "2026-01-10T08:00:00.000Z"), "completed", "team");
    const event = { kind: "message_archived" };
    await worker.until(await say("Plans, done", "2026-01-10T09:00:00.000Z", { event }), "completed", "team");
    expect(chat.updates).toHaveLength(1);
    const root = chat.updates[0]?.texts.join(" ");
    expect(root).toContain("Plans, done");
    expect(root).toMatch(/archived/i);
    await worker.until(await say("Plans, done", "2026-01-10T10:00:00.000Z", { event }), "completed", "team");
    // Nothing else to show: nothing is asked of the service.
    expect(chat.updates).toHaveLength(1);
  });

  it("is not stopped by a message that the service refuses, and has a root once one arrives", async () => {
    await start();
    chat.fault({ status: 200, body: JSON.stringify({ ok: false, error: "invalid_blocks" }), times: 2 });
    const first = basecampDocument({ timestamp: "2026-01-10T08:00:00.000Z", recording: { parentId: "34" } });
    const refused = await worker.addDocument(first, ["team"], 2);
    const next = await say("Next", "2026-01-10T08:01:00.000Z");
    await expect(worker.until(refused, "failed", "team")).resolves.toMatchObject({
      failedReason: "target_refused: slack answered invalid_blocks",
    });
    await worker.until(next, "completed", "team");
    expect(chat.messages).toHaveLength(1);
    expect(chat.messages[0]?.isRoot).toBe(true);
  });

  it("arrives although its root cannot be updated", async () => {
    await start();
    await worker.until(await say("First", "2026-01-10T08:00:00.000Z"), "completed", "team");
    const second = await say("Second", "2026-01-10T08:01:00.000Z");
    await worker.until(second, "completed", "team");
    chat.updates.splice(0);
    // The reply is taken, the update is not.
    chat.fault({ headers: {}, times: 1 });
    chat.fault({ status: 500, times: 1 });
    await worker.until(await say("Third", "2026-01-10T08:02:00.000Z"), "completed", "team");
    expect(chat.messages).toHaveLength(3);
    expect(chat.updates).toHaveLength(0);
    await worker.until(await say("Fourth", "2026-01-10T08:03:00.000Z"), "completed", "team");
    expect(chat.updates.at(-1)?.texts.join(" ")).toContain("Fourth");
  });
});
