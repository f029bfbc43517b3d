export type UserType = "User" | "Bot" | "Organization";

export interface UserInput {
  login: string;
  /** Display name; default "Name Of login", for bots null. */
  name?: string | null;
  type?: UserType;
}

export interface LabelInput {
  name: string;
  color?: string;
  description?: string | null;
}

export interface IssueInput {
  title: string;
  /** Login; null is a deleted account. Default: the repository's owner. */
  author?: string | null;
  labels?: (string | LabelInput)[];
  body?: string | null;
  comments?: number;
  isPullRequest?: boolean;
  state?: "open" | "closed";
  /** ISO 8601; default: the moment of `openIssue`, or an hour apart from 2024-01-01 in `addRepository`. */
  createdAt?: string;
}

export interface ContributorInput {
  /** Without a login the contributor is anonymous: listed only with `?anon=1`. */
  login?: string;
  name?: string | null;
  email?: string;
  contributions: number;
  type?: UserType;
}

export interface RepositoryInput {
  owner: string;
  name: string;
  stars?: number;
  forks?: number;
  /** GitHub's `subscribers_count`; its `watchers_count` repeats the stars. */
  watchers?: number;
  description?: string | null;
  /** SPDX identifier. */
  license?: string | null;
  topics?: string[];
  defaultBranch?: string;
  languages?: Record<string, number>;
  archived?: boolean;
  visibility?: "public" | "private";
  pushedAt?: string | null;
  latestRelease?: string | null;
  issues?: IssueInput[];
  contributors?: ContributorInput[];
  isEmpty?: boolean;
  issuesDisabled?: boolean;
  contributorsTooLarge?: boolean;
  usesCursors?: boolean;
}
