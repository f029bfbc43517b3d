import type { Digest } from "@hookline/contracts";
import { toLine } from "../targets/text.ts";
import { toWebUrl } from "./web-url.ts";

/** Where a repository is seen in a browser. */
export interface RepositoryWeb {
  readonly url: string;
  readonly openIssuesUrl: string;
  readonly closedIssuesUrl: string;
  readonly contributorsUrl: string;
  toUserUrl(login: string): string;
}

const BOT = /\[bot\]$/;

/** The issues' own addresses tell where GitHub is: its Enterprise Server stands elsewhere. */
export function toRepositoryWeb({ user, repository, issues }: Digest): RepositoryWeb {
  const issueUrl = toWebUrl(issues[0]?.url);
  const origin = issueUrl === undefined ? "https://github.com" : new URL(issueUrl).origin;
  const url = [origin, user, repository].map((part, index) => (index === 0 ? part : toSegment(part))).join("/");
  return {
    url,
    openIssuesUrl: `${url}/issues`,
    closedIssuesUrl: `${url}/issues?q=is%3Aissue%20is%3Aclosed`,
    contributorsUrl: `${url}/graphs/contributors`,
    toUserUrl: (login) =>
      BOT.test(login) ? `${origin}/apps/${toSegment(login.replace(BOT, ""))}` : `${origin}/${toSegment(login)}`,
  };
}

function toSegment(text: string): string {
  return encodeURIComponent(toLine(text));
}
