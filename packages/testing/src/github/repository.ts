import type { ContributorInput, IssueInput, RepositoryInput } from "./inputs.ts";
import { type SimulatedIssue, toIssue } from "./issue.ts";
import { HISTORY_START_MS, toTimestamp } from "./timestamp.ts";
import type { Users } from "./users.ts";

const HOUR_MS = 3_600_000;

/** One repository; every property may be changed while the simulator runs. */
export class SimulatedRepository {
  readonly id: number;
  owner: string;
  name: string;
  stars: number;
  forks: number;
  watchers: number;
  description: string | null;
  license: string | null;
  topics: string[];
  defaultBranch: string;
  languages: Record<string, number>;
  archived: boolean;
  visibility: "public" | "private";
  pushedAt: string | null;
  updatedAt: string;
  latestRelease: string | null;
  releasedAt: string;
  isEmpty: boolean;
  issuesDisabled: boolean;
  contributorsTooLarge: boolean;
  usesCursors: boolean;
  issues: SimulatedIssue[] = [];
  contributors: ContributorInput[] = [];
  readonly #users: Users;

  constructor(id: number, input: RepositoryInput, users: Users) {
    this.id = id;
    this.#users = users;
    this.owner = input.owner;
    this.name = input.name;
    this.stars = input.stars ?? 0;
    this.forks = input.forks ?? 0;
    this.watchers = input.watchers ?? 0;
    this.description = input.description ?? null;
    this.license = input.license ?? null;
    this.topics = input.topics ?? [];
    this.defaultBranch = input.defaultBranch ?? "main";
    this.languages = input.languages ?? {};
    this.archived = input.archived ?? false;
    this.visibility = input.visibility ?? "public";
    this.pushedAt = input.pushedAt === undefined ? toTimestamp(HISTORY_START_MS) : input.pushedAt;
    this.updatedAt = toTimestamp(HISTORY_START_MS);
    this.latestRelease = input.latestRelease ?? null;
    this.releasedAt = toTimestamp(HISTORY_START_MS);
    this.isEmpty = input.isEmpty ?? false;
    this.issuesDisabled = input.issuesDisabled ?? false;
    this.contributorsTooLarge = input.contributorsTooLarge ?? false;
    this.usesCursors = input.usesCursors ?? false;
    users.ensure(input.owner);
    (input.issues ?? []).forEach((issue, index) => {
      this.#addIssue(issue, HISTORY_START_MS + index * HOUR_MS);
    });
    for (const contributor of input.contributors ?? []) this.addContributor(contributor);
  }

  get fullName(): string {
    return `${this.owner}/${this.name}`;
  }

  /** Opens an issue or a pull request now (or at `createdAt`), with the next number. */
  openIssue(input: IssueInput): SimulatedIssue {
    this.#touch();
    return this.#addIssue(input, Date.now());
  }

  /** Closes an issue or pull request; throws when there is none of that number. */
  closeIssue(number: number): SimulatedIssue {
    const issue = this.issues.find((candidate) => candidate.number === number);
    if (!issue) throw new Error(`${this.fullName} has no issue ${number}`);
    issue.state = "closed";
    issue.closedAt = toTimestamp(Date.now());
    issue.updatedAt = issue.closedAt;
    this.#touch();
    return issue;
  }

  setStars(stars: number): void {
    this.stars = stars;
    this.#touch();
  }

  /** Publishes a release, which becomes the latest. */
  release(tag: string): void {
    this.latestRelease = tag;
    this.releasedAt = toTimestamp(Date.now());
    this.#touch();
  }

  /** Adds a contributor; one with a known login is replaced. */
  addContributor(input: ContributorInput): void {
    const { login, name, type } = input;
    if (login !== undefined) {
      this.#users.add({ login, ...(name !== undefined && { name }), ...(type !== undefined && { type }) });
      this.contributors = this.contributors.filter((other) => other.login?.toLowerCase() !== login.toLowerCase());
    }
    this.contributors.push(input);
  }

  #addIssue(input: IssueInput, createdAtMs: number): SimulatedIssue {
    const defaults = { repositoryId: this.id, number: this.issues.length + 1, author: this.owner, createdAtMs };
    const issue = toIssue(input, defaults);
    if (issue.author !== null) this.#users.ensure(issue.author);
    this.issues.push(issue);
    return issue;
  }

  #touch(): void {
    this.updatedAt = toTimestamp(Date.now());
  }
}
