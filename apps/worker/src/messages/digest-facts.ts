import type { Digest } from "@hookline/contracts";
import type { Fact } from "./message.ts";
import { toNumber, toTextOr } from "./wording.ts";

const MOST = 6;

interface Candidate extends Fact {
  readonly isChanged: boolean;
}

/** The six figures that tell most, those that changed first. */
export function toDigestFacts(digest: Digest): Fact[] {
  const candidates = toCandidates(digest);
  const sorted = [
    ...candidates.filter(({ isChanged }) => isChanged),
    ...candidates.filter(({ isChanged }) => !isChanged),
  ];
  return sorted.slice(0, MOST).map(({ label, value }) => ({ label, value }));
}

function toCandidates({ stats, changes }: Digest): Candidate[] {
  const joined = changes?.contributors.joined.length ?? 0;
  return [
    toFigure("Stars", stats.stars, changes?.stars),
    toFigure("Open issues", stats.openIssues, changes?.openIssues),
    toFigure("Pull requests", stats.openPullRequests, changes?.openPullRequests),
    ...toName("Latest release", stats.latestRelease, changes?.latestRelease),
    toFigure("Contributors", stats.contributors, joined === 0 ? undefined : { old: stats.contributors - joined }),
    ...toName("Main language", toMainLanguage(stats.languages), undefined),
    toFigure("Forks", stats.forks, changes?.forks),
    toFigure("Watchers", stats.watchers, changes?.watchers),
    ...toName("License", stats.license, changes?.license),
  ];
}

function toFigure(label: string, value: number, change: { readonly old: number } | undefined): Candidate {
  const by = change === undefined ? 0 : value - change.old;
  const told = by === 0 ? "" : ` (${by > 0 ? "+" : "−"}${toNumber(Math.abs(by))})`;
  return { label, value: toNumber(value) + told, isChanged: by !== 0 };
}

/** Nothing to tell when there is none and was none. */
function toName(label: string, value: string | null, change: { readonly old: string | null } | undefined): Candidate[] {
  if (value === null && change === undefined) return [];
  const was = change === undefined || change.old === null ? "" : ` (was ${toTextOr(change.old, "unnamed")})`;
  return [{ label, value: toTextOr(value, "none") + was, isChanged: change !== undefined }];
}

function toMainLanguage(languages: Readonly<Record<string, number>>): string | null {
  const [main] = Object.entries(languages).sort(([, a], [, b]) => b - a);
  if (main === undefined) return null;
  const [name, bytes] = main;
  const total = Object.values(languages).reduce((sum, each) => sum + each, 0);
  return total === 0 ? name : `${name} (${Math.round((bytes / total) * 100)}%)`;
}
