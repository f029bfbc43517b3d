import { type Document, DocumentSchema } from "@hookline/contracts";
import { createValidator } from "@hookline/runtime";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { expectClean } from "../../test/support/clean.ts";
import {
  basecampDocument,
  digestDocument,
  targetDisabledDocument,
  taskExhaustedDocument,
  testDocument,
} from "../../test/support/documents.ts";
import { nastyTexts } from "../../test/support/nasty-texts.ts";
import { toMessage, toThread } from "./to-message.ts";

const options = { timeZone: "UTC" };
const samples: readonly Document[] = [
  digestDocument(),
  basecampDocument(),
  testDocument(),
  targetDisabledDocument(),
  taskExhaustedDocument(),
];

/** Every document there is, with strangers' texts wherever they may stand. */
function documentsOf(next: () => string): Document[] {
  const issue = { number: 7, title: next(), author: next(), labels: [next()], url: next(), createdAt: next() };
  const oldAndNew = () => ({ old: next(), new: next() });
  const { stats, snapshot } = digestDocument();
  return [
    digestDocument({
      ...{ id: next(), user: next(), repository: next() },
      issues: [issue, { ...issue, number: 8, title: next(), url: next() }],
      contributors: [{ user: next(), qtd_commits: 3, name: next() }],
      stats: {
        ...stats,
        latestRelease: next(),
        license: next(),
        languages: { [next()]: 3, [next()]: 4 },
        description: next(),
      },
      snapshot: { ...snapshot, stale: true, partial: true, partialReasons: [next(), next()] },
      changes: {
        since: snapshot.collectedAt,
        ...{ latestRelease: oldAndNew(), license: oldAndNew(), visibility: oldAndNew(), defaultBranch: oldAndNew() },
        issues: { opened: [issue], closed: [{ ...issue, title: next() }] },
        contributors: { joined: [next(), next()] },
      },
    }),
    basecampDocument({
      ...{ id: next(), inbox: next() },
      event: { id: next(), kind: next(), createdAt: next() },
      recording: {
        ...{ id: next(), type: next(), status: next(), title: next(), content: next(), url: next(), appUrl: next() },
        ...{ parentId: next(), parentAppUrl: next(), parentTitle: next(), project: next() },
      },
      creator: { name: next(), avatarUrl: next() },
    }),
    testDocument({ id: next(), target: next() }),
    targetDisabledDocument({ id: next(), target: next(), kind: next(), reason: next() }),
    taskExhaustedDocument({
      ...{ id: next(), taskId: next(), deliveryId: next(), target: next() },
      error: { code: next(), message: next() },
    }),
  ];
}

function expectReadable(document: Document): void {
  const message = toMessage(document, options);
  expectClean(message);
  expect(message.title).not.toBe("");
  expect(message.summary).not.toBe("");
  expect(message.status.text).not.toBe("");
  expect(message.footer).not.toBe("");
  expect(message.facts.length).toBeLessThanOrEqual(6);
  expect(toThread(document)?.key).toBe(message.thread?.key);
}

describe.each(samples.map((document) => [document.type, document] as const))("a message of %s", (_, document) => {
  it("is made of a document of the promised shape", () => {
    expect(createValidator(DocumentSchema)(document)).toMatchObject({ isValid: true });
  });

  it("has all that a reader needs, and is the same again", () => {
    const before = structuredClone(document);
    expectReadable(document);
    expect(toMessage(document, options)).toEqual(toMessage(document, options));
    expect(document).toEqual(before);
  });

  it("has three to six facts, none of them empty", () => {
    const { facts } = toMessage(document, options);
    expect(facts.length).toBeGreaterThanOrEqual(3);
    expect(facts.length).toBeLessThanOrEqual(6);
    expect(facts.filter(({ label, value }) => label === "" || value === "")).toEqual([]);
  });
});

describe("whatever strangers write", () => {
  it.each(nastyTexts.map((text) => [text.slice(0, 40), text]))("%j makes clean messages", (_, text) => {
    for (const document of documentsOf(() => text)) expectReadable(document);
  });

  it("makes clean messages in any mixture, and nothing is thrown", () => {
    const texts = fc.oneof(fc.constantFrom(...nastyTexts), fc.string({ unit: "binary" }), fc.webUrl());
    fc.assert(
      fc.property(fc.infiniteStream(texts), (stream) => {
        const next = (): string => stream.next().value;
        for (const document of documentsOf(next)) expectReadable(document);
      }),
      { numRuns: 50 },
    );
  });
});
