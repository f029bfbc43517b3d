import { afterEach, describe, expect, test } from "@jest/globals";
import { postTo, samples } from "./samples.ts";
import { startChatSimulator } from "./start.ts";
import { type ChatSimulator, chatKinds } from "./types.ts";

let simulator: ChatSimulator;

afterEach(() => simulator.stop());

describe.each(chatKinds)("%s", (kind) => {
  const post = (headers: Record<string, string> = {}) => postTo(simulator, samples[kind], { headers });

  test("the smallest message is taken, shown and recorded", async () => {
    simulator = await startChatSimulator({ kind, now: () => 1_700_000_000_000 });
    expect((await post({ "webhook-id": "msg_1" })).status).toBeLessThan(300);
    const [message] = await simulator.waitFor(1);
    expect(message).toMatchObject({
      kind,
      at: 1_700_000_000_000,
      isRoot: true,
      deliveredAs: "post",
      webhookId: "msg_1",
    });
    expect(message?.texts.join("\n")).toContain("Hello");
    expect(simulator.requests).toHaveLength(1);
    expect([simulator.refused, simulator.dropped, simulator.truncated, simulator.pings]).toEqual([[], [], [], []]);
  });

  test("every secret stands in the target or in what is sent with it", async () => {
    simulator = await startChatSimulator({ kind });
    const told = [...Object.values(simulator.target), ...Object.values(simulator.botTarget ?? {})].join(" ");
    const basic = Buffer.from(`${simulator.target.email}:${simulator.target.apiKey}`).toString("base64");
    expect(simulator.secrets.length).toBeGreaterThan(0);
    expect(simulator.secrets.filter((secret) => !`${told} ${basic}`.includes(secret))).toEqual([]);
  });

  test("a message sent too early is told when to come back", async () => {
    simulator = await startChatSimulator({ kind });
    simulator.fault({ rateLimitedSeconds: 5, times: 1 });
    const answer = await post();
    expect(answer.status).toBe(429);
    expect(`${answer.headers.get("retry-after")} ${answer.text}`).toMatch(/\b5/);
    expect(simulator.messages).toEqual([]);
    expect((await post()).status).toBeLessThan(300);
  });

  test("a place that is gone says so with an error of its own, for as long as it is told", async () => {
    simulator = await startChatSimulator({ kind });
    simulator.fault({ gone: true });
    for (let count = 0; count < 2; count += 1) expect((await post()).status).toBeGreaterThanOrEqual(400);
    simulator.clearFaults();
    expect((await post()).status).toBeLessThan(300);
    expect(simulator.requests.map(({ status }) => status >= 400)).toEqual([true, true, false]);
  });

  test("half an emoji is refused, or arrives torn where a form can carry no half", async () => {
    simulator = await startChatSimulator({ kind });
    const torn = JSON.parse(JSON.stringify(samples[kind]).replace("Hello", "Hello \\ud83d")) as object;
    const { status } = await postTo(simulator, torn);
    expect(status >= 400 || simulator.messages[0]?.texts.join().includes("\ufffd")).toBe(true);
  });

  test("after a reset nothing is left, and ids go on", async () => {
    simulator = await startChatSimulator({ kind });
    await post();
    const before = simulator.messages[0]?.id;
    simulator.fault({ status: 500 });
    simulator.reset();
    expect([simulator.messages.length, simulator.requests.length, simulator.threads.size]).toEqual([0, 0, 0]);
    await post();
    expect(simulator.messages[0]?.id).not.toBe(before);
  });
});

test.each(
  chatKinds.filter((kind) => kind !== "flowdock"),
)("%s refuses what comes too fast when asked to", async (kind) => {
  simulator = await startChatSimulator({ kind, enforceRate: true, now: () => 1_700_000_000_000 });
  let taken = 0;
  while ((await postTo(simulator, samples[kind])).status !== 429) taken += 1;
  expect(taken).toBeGreaterThan(0);
  expect(simulator.messages).toHaveLength(taken);
  expect(simulator.refused[0]?.error).toBe("rate limited");
});

test("faults are used up in order; a late answer leaves the message taken, a broken one does not", async () => {
  simulator = await startChatSimulator({ kind: "mattermost" });
  simulator.fault({ status: 503, body: "busy", headers: { "Retry-After": "3" }, times: 1 });
  simulator.fault({ reset: true, times: 1 });
  simulator.fault({ delayMs: 20, headers: { "x-late": "yes" }, times: 1 });
  const busy = await postTo(simulator, samples.mattermost);
  expect([busy.status, busy.text, busy.headers.get("retry-after")]).toEqual([503, "busy", "3"]);
  await expect(postTo(simulator, samples.mattermost)).rejects.toThrow();
  expect(simulator.messages).toEqual([]);
  const late = await postTo(simulator, samples.mattermost);
  expect([late.text, late.headers.get("x-late"), simulator.messages.length]).toEqual(["ok", "yes", 1]);
  expect(simulator.refused).toEqual([]);
});

test("a request left hanging ends when the simulator is stopped, and waiting in vain says what came", async () => {
  simulator = await startChatSimulator({ kind: "mattermost" });
  simulator.fault({ hang: true });
  const outcome = expect(postTo(simulator, samples.mattermost)).rejects.toThrow();
  await expect(simulator.waitFor(1, 30)).rejects.toThrow(/1 mattermost messages.*0 came, 0 were refused/);
  await simulator.stop();
  await outcome;
});
