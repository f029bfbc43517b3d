import { type Document, hasThreads, type TargetConfig } from "@hookline/contracts";
import { type ChatKind, type ChatSimulator, chatKinds, startChatSimulator, startReceiver } from "@hookline/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import * as chat from "../../test/support/chat.ts";
import {
  basecampDocument,
  digestDocument,
  targetDisabledDocument,
  taskExhaustedDocument,
  testDocument,
} from "../../test/support/documents.ts";
import { nastyMessages, nastyTexts, oversizedMessage } from "../../test/support/nasty-texts.ts";
import { toMessage } from "../messages/to-message.ts";
import { targetKinds } from "./registry.ts";
import type { Message, Outgoing, Target, TargetKind, TargetKindName, TargetOptionsOf } from "./target.ts";

/** A place to post to, as strict as the service is, and a target that is configured for it. */
interface Case {
  readonly name: string;
  readonly target: Target;
  readonly config: TargetConfig;
  readonly chat: ChatSimulator | undefined;
  /** What must never be shown. */
  readonly secrets: readonly string[];
  reset(): void;
  stop(): Promise<void>;
}

const SECRET = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;

function create<K extends TargetKindName>(kind: K, options: TargetOptionsOf<K>): Target {
  const registered: TargetKind<K> = targetKinds[kind];
  return registered.create(options, chat.context);
}

/** Every way in which a kind can be configured: the compiler asks for a new kind's. */
const cases: Record<TargetKindName, readonly (() => Promise<Case>)[]> = {
  webhook: [openWebhook],
  slack: [
    () => openChat("slack", ({ target }) => ({ kind: "slack", ...target })),
    () => openChat("slack", ({ botTarget }) => ({ kind: "slack", ...botTarget })),
  ],
  discord: [
    () => openChat("discord", ({ target }) => ({ kind: "discord", url: target.url ?? "" })),
    () => openChat("discord", ({ target }) => ({ kind: "discord", url: target.url ?? "", forum: true }), true),
  ],
  teams: [() => openChat("teams", ({ target }) => ({ kind: "teams", url: target.url ?? "" }))],
  mattermost: [() => openChat("mattermost", ({ target }) => ({ kind: "mattermost", url: target.url ?? "" }))],
  rocketchat: [() => openChat("rocketchat", ({ target }) => ({ kind: "rocketchat", url: target.url ?? "" }))],
  googlechat: [() => openChat("googlechat", ({ target }) => ({ kind: "googlechat", url: target.url ?? "" }))],
  zulip: [() => openChat("zulip", ({ target }) => ({ kind: "zulip", ...target }) as TargetOptionsOf<"zulip">)],
  telegram: [
    () => openChat("telegram", ({ target }) => ({ kind: "telegram", ...target }) as TargetOptionsOf<"telegram">),
  ],
  flowdock: [() => openChat("flowdock", ({ target }) => ({ kind: "flowdock", url: "", ...target }))],
};

async function openWebhook(): Promise<Case> {
  const receiver = await startReceiver({ secret: SECRET });
  const config = { kind: "webhook", url: `${receiver.url}/hook`, secret: SECRET } as const;
  const target = create("webhook", config);
  const reset = () => receiver.reset();
  return { name: "webhook", target, config, chat: undefined, secrets: [SECRET], reset, stop: () => receiver.stop() };
}

async function openChat(
  kind: ChatKind,
  toOptions: (simulator: ChatSimulator) => TargetConfig,
  isForum = false,
): Promise<Case> {
  const simulator = await startChatSimulator({ kind, isForum });
  const options = toOptions(simulator);
  const target = create(kind, options as TargetOptionsOf<ChatKind>);
  const { secrets, reset, stop } = simulator;
  return {
    name: kind,
    target,
    config: options,
    chat: simulator,
    secrets,
    reset: reset.bind(simulator),
    stop: stop.bind(simulator),
  };
}

const documents: readonly Document[] = [
  digestDocument(),
  digestDocument({ changes: null }),
  basecampDocument(),
  testDocument(),
  targetDisabledDocument(),
  taskExhaustedDocument(),
];

/**
 * What strangers write, as it comes: each text as the title, the name and the words of a message, and in a digest.
 * A recording's title is never blank: the source refuses such a one.
 */
const nastyDocuments = nastyTexts.flatMap((text): Document[] => [
  basecampDocument({
    recording: { title: text.trim() || "?", content: text, project: text },
    creator: { name: text, avatarUrl: text },
  }),
  digestDocument({
    issues: [{ title: text, author: text, labels: [], number: 1, url: text, createdAt: "2026-11-21T12:00:00Z" }],
    changes: null,
  }),
]);

const tell = (document: Document): Message => toMessage(document, { timeZone: "UTC" });
const toOutgoing = (document: Document): Outgoing => ({
  ...chat.outgoingOf(tell(document)),
  body: Buffer.from(JSON.stringify(document)),
  inbox: document.type === "basecamp.recording" ? document.inbox : undefined,
});

it("is run for every kind of target and every service that is simulated", () => {
  expect(Object.keys(cases).sort()).toEqual(Object.keys(targetKinds).sort());
  expect(Object.keys(cases)).toEqual(expect.arrayContaining([...chatKinds]));
  expect(nastyTexts.length).toBeGreaterThanOrEqual(200);
});

for (const [kind, openings] of Object.entries(cases)) {
  for (const [index, open] of openings.entries()) {
    describe(`a target of kind ${kind}${openings.length > 1 ? `, way ${index + 1}` : ""}`, () => {
      let opened: Case;
      beforeAll(async () => {
        opened = await open();
      });
      afterAll(() => opened.stop());
      beforeEach(() => opened.reset());

      const post = async (outgoing: Outgoing) => {
        const { target } = opened;
        const role = target.threading === "rooted" ? "root" : "alone";
        const request = target.toRequest(outgoing, { now: new Date(), place: { role } });
        const answer = await chat.exchange(request);
        return target.read(answer) ?? { kind: answer.status < 300 ? "delivered" : "refused" };
      };
      const expectWelcome = () => {
        if (opened.chat !== undefined) chat.expectWelcome(opened.chat);
      };

      it("delivers every kind of document", async () => {
        for (const document of documents) {
          expect([document.type, await post(toOutgoing(document))]).toMatchObject([
            document.type,
            { kind: "delivered" },
          ]);
        }
        expectWelcome();
      });

      it("delivers what strangers write, whole, within the limits, and calls nobody", async () => {
        for (const document of nastyDocuments) {
          const { kind: result } = await post(toOutgoing(document));
          const why = result === "delivered" ? undefined : opened.chat?.refused.at(-1)?.error;
          expect({ result, why, document }).toEqual({ result: "delivered", why: undefined, document });
        }
        expectWelcome();
      });

      it("does so even where a message was not cleaned", async () => {
        for (const message of nastyMessages()) {
          expect(await post(chat.outgoingOf(message))).toMatchObject({ kind: "delivered" });
        }
        expectWelcome();
      });

      it("does so for any text", async () => {
        const property = fc.asyncProperty(chat.anyMessage, async (message) => {
          expect(await post(chat.outgoingOf(message))).toMatchObject({ kind: "delivered" });
        });
        await fc.assert(property, { numRuns: 40 });
        expectWelcome();
      });

      it("tells the beginning of an endless message without holding up others", () => {
        const outgoing = chat.outgoingOf(oversizedMessage());
        const build = () => {
          const before = performance.now();
          opened.target.toRequest(outgoing, { now: new Date(), place: { role: "alone" } });
          return performance.now() - before;
        };
        // Some 20 ms where nothing else runs; it took seconds when everything was gone through.
        expect(Math.min(build(), build(), build())).toBeLessThan(250);
      });

      it("threads where ingest takes it to: else places are taken that nobody gives up, or none", () => {
        expect(hasThreads(opened.config)).toBe(opened.target.threading !== "none");
      });

      it("builds the same bytes at every attempt", () => {
        const { target } = opened;
        const build = (now: string) =>
          target.toRequest(toOutgoing(basecampDocument()), { now: new Date(now), place: { role: "alone" } });
        const [first, second] = [build("2026-11-21T12:00:00Z"), build("2026-11-22T13:00:00Z")];
        expect(second.body.equals(first.body)).toBe(true);
        expect(second.url.href).toBe(first.url.href);
      });

      it("reads any answer without throwing, and tells no secret of it", () => {
        const { target, secrets } = opened;
        const any = fc.oneof(
          fc.string(),
          fc.json(),
          fc.constantFrom(...secrets, JSON.stringify({ ok: false, error: secrets[0] })),
        );
        const property = fc.property(fc.integer({ min: 200, max: 599 }), any, (status, body) => {
          const reading = target.read(chat.answer(status, body, { isTruncated: body.length % 2 === 0 }));
          const told = JSON.stringify(reading ?? "");
          expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
        });
        fc.assert(property, { numRuns: 300 });
      });
    });
  }
}
