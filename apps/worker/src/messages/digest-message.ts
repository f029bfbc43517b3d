import type { Digest } from "@hookline/contracts";
import { toMinute } from "./day.ts";
import { toDigestFacts } from "./digest-facts.ts";
import { toHighlights } from "./digest-highlights.ts";
import { toDigestSections } from "./digest-sections.ts";
import type { Message, Status } from "./message.ts";
import { toRepositoryWeb } from "./repository-web.ts";
import { toCapitalised, toTextOr } from "./wording.ts";

/** How many phrases are read at a glance. */
const MOST_HIGHLIGHTS = 4;

const MOST_REASONS = 3;

/** Tells a digest to people. */
export function toDigestMessage(digest: Digest, timeZone: string): Message {
  const title = toTitle(digest);
  const web = toRepositoryWeb(digest);
  const highlights = digest.changes === null ? [] : toHighlights(digest.changes);
  const status = toStatus(digest, highlights);
  const told = highlights.length > 0 ? highlights.slice(0, MOST_HIGHLIGHTS).join(", ") : status.text.toLowerCase();
  return {
    title,
    url: web.url,
    summary: `${title}: ${told}`,
    author: undefined,
    status,
    facts: toDigestFacts(digest),
    body: [],
    sections: toDigestSections(digest, web),
    footer: toFooter(digest, timeZone),
    at: digest.timestamp,
    thread: { key: toDigestThreadKey(digest), label: title, url: web.url },
  };
}

/** A repository's digests belong together, however its name is spelled. */
export function toDigestThreadKey(digest: Digest): string {
  return toTitle(digest).toLowerCase();
}

function toTitle({ user, repository }: Digest): string {
  return `${toTextOr(user, "?")}/${toTextOr(repository, "?")}`;
}

function toStatus({ changes }: Digest, [first]: readonly string[]): Status {
  if (first !== undefined) return { tone: "news", text: toCapitalised(first) };
  return { tone: "quiet", text: changes === null ? "First digest" : "No changes" };
}

function toFooter({ snapshot }: Digest, timeZone: string): string {
  const { collectedAt, stale, partial, partialReasons } = snapshot;
  const reasons = partialReasons.map((reason) => toTextOr(reason, "")).filter((reason) => reason !== "");
  return [
    `Collected ${toMinute(collectedAt, timeZone)}`,
    ...(stale ? ["GitHub could not be asked since"] : []),
    ...(partial ? [toIncomplete(reasons.slice(0, MOST_REASONS))] : []),
  ].join(" · ");
}

function toIncomplete(reasons: readonly string[]): string {
  return reasons.length === 0 ? "Incomplete" : `Incomplete: ${reasons.join("; ")}`;
}
