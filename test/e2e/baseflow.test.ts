import { type ChatSimulator, startChatSimulator, waitUntil } from "@hookline/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { toBasecampEvent } from "./support/basecamp.ts";
import { type Stack, startStack } from "./support/stack.ts";

const INBOX = "flow-token-of-the-inbox";
const PATH = `/webhooks/basecamp/recordings/${INBOX}`;
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

describe("Basecamp to a chat inbox", () => {
  let flow: ChatSimulator;
  let stack: Stack;

  beforeAll(async () => {
    flow = await startChatSimulator({ kind: "flowdock" });
    const project = `
targets:
  flow: { kind: flowdock, url: "${flow.url}/messages" }
sources:
  basecamp:
    inboxes:
      leto: { token: "\${BASECAMP_INBOX}", deliver: [flow] }
`;
    stack = await startStack({ project, env: { BASECAMP_INBOX: INBOX, RETRY_MAX_ATTEMPTS: "0" } });
  });
  afterAll(async () => {
    await stack.stop();
    await flow.stop();
  });
  beforeEach(() => flow.reset());

  const post = async (body: string, path = PATH) => {
    const startedAt = Date.now();
    const response = await fetch(stack.address + path, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "Basecamp3 Webhook" },
      body,
    });
    return { status: response.status, text: await response.text(), ms: Date.now() - startedAt };
  };

  const delivered = async () => {
    const { data } = (await stack.request("GET", "/deliveries?target=flow&status=delivered")).body;
    return (data as unknown[]).length;
  };

  it("B1, B3: posts exactly the message that the old system did, with every digit, and the creator as its author", async () => {
    const answer = await post(toBasecampEvent({ eventId: "10", id: "9007199254740993", parentId: "9007199254741435" }));
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
    for (const eventId of ["21", "22", "23"]) await post(toBasecampEvent({ eventId, title: `Title ${eventId}` }));
    await post(toBasecampEvent({ eventId: "24", parentId: "35" }));
    await flow.waitFor(4);
    expect([...flow.threads.values()].map((thread) => thread.length).sort()).toEqual([1, 3]);
  });

  it("B4: answers ten quick posts at once although the inbox takes three seconds for each, and all arrive", async () => {
    const before = await delivered();
    flow.fault({ delayMs: 3000 });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => post(toBasecampEvent({ eventId: `4${index}`, parentId: `4${index}` }))),
    );
    await waitUntil(async () => (await delivered()) === before + 10, {
      what: "all have arrived",
      timeoutMs: 45_000,
    });
    for (const { status, ms } of answers) {
      expect(status).toBe(202);
      // Milliseconds on a quiet machine: half of what the inbox takes leaves room for a starved one.
      expect(ms).toBeLessThan(1500);
    }
    expect(flow.messages).toHaveLength(10);
  }, 60_000);

  it("B5: answers 202 although the inbox is down, and tries as often as it was told", async () => {
    flow.fault({ status: 500 });
    expect((await post(toBasecampEvent({ eventId: "50", parentId: "50" }))).status).toBe(202);
    const isFailed = async () => {
      const { data } = (await stack.request("GET", "/deliveries?target=flow&status=failed")).body;
      return (data as unknown[]).length === 1;
    };
    await waitUntil(isFailed, { what: "the delivery has failed" });
    expect(flow.requests).toHaveLength(1);
  });

  it("B6: says what is wrong with a recording", async () => {
    expect((await post("{}")).status).toBe(400);
    const empty = await post('{"recording":{}}');
    expect(empty.status).toBe(422);
    expect(Object.keys(JSON.parse(empty.text).errors)).toHaveLength(9);
    const blank = await post(toBasecampEvent({ content: "  " }));
    expect(JSON.parse(blank.text)).toMatchObject({ status: 422, errors: { content: ["can't be blank"] } });
    const wrong = await post(toBasecampEvent().replace('"id":22', '"id":"abc"'));
    expect(JSON.parse(wrong.text)).toMatchObject({ status: 422, errors: { basecamp_id: ["is invalid"] } });
    for (const path of ["/webhooks/basecamp/recordings", "/webhooks/basecamp/recordings/unknown-token"]) {
      const unknown = await post(toBasecampEvent(), path);
      expect(unknown.status).toBe(404);
      expect(JSON.parse(unknown.text).errors).toBeTruthy();
    }
  });

  it("drops the repeats of one event", async () => {
    const body = toBasecampEvent({ eventId: "60", parentId: "60" });
    for (let index = 0; index < 5; index += 1) expect((await post(body)).status).toBe(202);
    // In the same thread: it arrives after whatever was queued before it.
    await post(toBasecampEvent({ eventId: "61", parentId: "60" }));
    await flow.waitFor(2);
    expect(flow.messages).toHaveLength(2);
  });
});
