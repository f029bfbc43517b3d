import { type ChatSimulator, startChatSimulator, waitUntil } from "@hookline/testing";
import { afterEach, describe, expect, it } from "@jest/globals";
import { toBasecampEvent } from "./support/basecamp.ts";
import { type Stack, startStack } from "./support/stack.ts";

const INBOX = "flow-token-of-the-inbox";
const PATH = `/webhooks/basecamp/recordings/${INBOX}`;
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

describe("Basecamp to a chat inbox", () => {
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function start(env: Record<string, string> = {}): Promise<{ stack: Stack; flow: ChatSimulator }> {
    const flow = await startChatSimulator({ kind: "flowdock" });
    closers.push(() => flow.stop());
    const project = `
targets:
  flow: { kind: flowdock, url: "${flow.url}/messages" }
sources:
  basecamp:
    inboxes:
      leto: { token: "\${BASECAMP_INBOX}", deliver: [flow] }
`;
    const stack = await startStack({ project, env: { BASECAMP_INBOX: INBOX, ...env } });
    closers.push(() => stack.stop());
    return { stack, flow };
  }

  const post = async (stack: Stack, body: string, path = PATH) => {
    const startedAt = Date.now();
    const response = await fetch(stack.address + path, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "Basecamp3 Webhook" },
      body,
    });
    return { status: response.status, text: await response.text(), ms: Date.now() - startedAt };
  };

  it("B1, B3: posts exactly the message that the old system did, with every digit, and the creator as its author", async () => {
    const { stack, flow } = await start();
    const answer = await post(stack, toBasecampEvent({ id: "9007199254740993", parentId: "9007199254741435" }));
    expect(answer.status).toBe(202);
    expect(answer.text).toContain('"basecamp_id":9007199254740993');
    const [message] = await flow.waitFor(1);
    const today = new Date();
    expect(message?.payload).toEqual({
      flow_token: INBOX,
      event: "discussion",
      author: { name: "Matt Donahue", avatar: "https://3.basecampapi.com/people/65/avatar", email: null },
      title: "<a href='https://3.basecamp.com/1/buckets/58/messages/9007199254740993'>see this on</a>",
      body: "<div>Hello <strong>world</strong></div>",
      external_thread_id: `9007199254741435_${today.toISOString().slice(0, 10)}`,
      thread: {
        title: "Welcome",
        fields: null,
        body: "Welcome",
        external_url: "https://3.basecamp.com/1/buckets/58/message_boards/34",
        status: { color: "green", value: WEEKDAYS[today.getUTCDay()] },
      },
    });
  });

  it("B2: puts one parent's messages of one day in one thread", async () => {
    const { stack, flow } = await start();
    for (const eventId of ["1", "2", "3"]) await post(stack, toBasecampEvent({ eventId, title: `Title ${eventId}` }));
    await post(stack, toBasecampEvent({ eventId: "4", parentId: "35" }));
    await flow.waitFor(4);
    expect([...flow.threads.values()].map((thread) => thread.length).sort()).toEqual([1, 3]);
  });

  it("B4: answers ten quick posts at once although the inbox takes three seconds for each, and all arrive in order", async () => {
    const { stack, flow } = await start({ TARGET_TIMEOUT: "10000" });
    await post(stack, toBasecampEvent({ eventId: "100", parentId: "1" }));
    await flow.waitFor(1);
    flow.fault({ delayMs: 3000 });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        post(stack, toBasecampEvent({ eventId: String(index), parentId: String(index) })),
      ),
    );
    for (const { status, ms } of answers) {
      expect(status).toBe(202);
      expect(ms).toBeLessThan(500);
    }
    expect(flow.messages).toHaveLength(1);
    await flow.waitFor(11, 45_000);
  }, 60_000);

  it("B5: answers 202 although the inbox is down, and tries as often as it was told", async () => {
    const { stack, flow } = await start({ RETRY_MAX_ATTEMPTS: "0" });
    flow.fault({ status: 500 });
    expect((await post(stack, toBasecampEvent())).status).toBe(202);
    const isFailed = async () => {
      const { data } = (await stack.request("GET", "/deliveries?target=flow&status=failed")).body;
      return (data as unknown[]).length === 1;
    };
    await waitUntil(isFailed, { what: "the delivery has failed" });
    expect(flow.requests).toHaveLength(1);
  });

  it("B6: says what is wrong with a recording", async () => {
    const { stack } = await start();
    expect((await post(stack, "{}")).status).toBe(400);
    const empty = await post(stack, '{"recording":{}}');
    expect(empty.status).toBe(422);
    expect(Object.keys(JSON.parse(empty.text).errors)).toHaveLength(9);
    const blank = await post(stack, toBasecampEvent({ content: "  " }));
    expect(JSON.parse(blank.text)).toMatchObject({ status: 422, errors: { content: ["can't be blank"] } });
    const wrong = await post(stack, toBasecampEvent().replace('"id":22', '"id":"abc"'));
    expect(JSON.parse(wrong.text)).toMatchObject({ status: 422, errors: { basecamp_id: ["is invalid"] } });
    for (const path of ["/webhooks/basecamp/recordings", "/webhooks/basecamp/recordings/unknown-token"]) {
      const unknown = await post(stack, toBasecampEvent(), path);
      expect(unknown.status).toBe(404);
      expect(JSON.parse(unknown.text).errors).toBeTruthy();
    }
  });

  it("drops the repeats of one event", async () => {
    const { stack, flow } = await start();
    for (let index = 0; index < 5; index += 1) expect((await post(stack, toBasecampEvent())).status).toBe(202);
    await post(stack, toBasecampEvent({ eventId: "2" }));
    await flow.waitFor(2);
    const { data } = (await stack.request("GET", "/tasks")).body;
    expect(data).toHaveLength(2);
  });
});
