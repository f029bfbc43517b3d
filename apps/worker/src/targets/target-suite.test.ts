import { type Document, hasThreads } from "@hookline/contracts";
import { chatKinds } from "@hookline/testing";
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
import { type TargetCase, targetCases } from "../../test/support/target-cases.ts";
import { toMessage } from "../messages/to-message.ts";
import { targetKinds } from "./registry.ts";
import type { Message, Outgoing } from "./target.ts";

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
  expect(Object.keys(targetCases).sort()).toEqual(Object.keys(targetKinds).sort());
  expect(Object.keys(targetCases)).toEqual(expect.arrayContaining([...chatKinds]));
  expect(nastyTexts.length).toBeGreaterThanOrEqual(200);
});

for (const [kind, openings] of Object.entries(targetCases)) {
  for (const [index, open] of openings.entries()) {
    describe(`a target of kind ${kind}${openings.length > 1 ? `, way ${index + 1}` : ""}`, () => {
      let opened: TargetCase;
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
