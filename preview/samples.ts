import type { Digest, Document } from "@hookline/contracts";
import {
  basecampDocument,
  digestDocument,
  targetDisabledDocument,
  taskExhaustedDocument,
  testDocument,
} from "../apps/worker/test/support/documents.ts";

export interface Sample {
  readonly title: string;
  readonly document: Document;
}

/** What every target shows. */
export const samples: readonly Sample[] = [
  { title: "A repository's digest", document: digestDocument() },
  { title: "A message in Basecamp", document: basecampDocument() },
];

/** The day's first digest and, two hours later, the one that its thread goes on with. */
export const thread: { readonly root: Document; readonly latest: Document } = {
  root: digestDocument(),
  latest: laterDigest(),
};

/** What the operator is told. */
export const notices: readonly Sample[] = [
  { title: "Test", document: testDocument() },
  { title: "Target disabled", document: targetDisabledDocument() },
  { title: "Deliveries failed", document: taskExhaustedDocument() },
];

function laterDigest(): Digest {
  const { stats, changes, issues } = digestDocument();
  const opened = { ...(issues[0] ?? throwEmpty()), number: 413, title: "Release notes miss the breaking change" };
  const release = { old: "v1.2.0", new: "v1.3.0" };
  return digestDocument({
    id: "0193510b7f3a7c70",
    timestamp: "2026-11-21T14:00:05.000Z",
    issues: [opened, ...issues],
    stats: { ...stats, latestRelease: "v1.3.0", openIssues: 48 },
    snapshot: { ...digestDocument().snapshot, collectedAt: "2026-11-21T14:00:00.000Z" },
    changes: {
      since: changes?.since ?? "2026-11-21T12:00:00.000Z",
      latestRelease: release,
      openIssues: { old: 47, new: 48 },
      issues: { opened: [opened], closed: [] },
      contributors: { joined: [] },
    },
  });
}

function throwEmpty(): never {
  throw new Error("the sample digest has no issue");
}
