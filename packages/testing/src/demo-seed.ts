import type { ContributorInput, IssueInput } from "./github/inputs.ts";
import type { SimulatedRepository } from "./github/repository.ts";
import type { GithubSimulator } from "./github/simulator.ts";

const CONTRIBUTORS: ContributorInput[] = [
  { login: "octocat", name: "The Octocat", contributions: 32 },
  { login: "ada-l", name: "Ada L.", contributions: 21 },
  { login: "grace-h", name: "Grace H.", contributions: 13 },
  { login: "linus-demo", name: null, contributions: 5 },
  { login: "dependabot[bot]", contributions: 3 },
];

const ISSUES: [title: string, author: string | null, ...labels: string[]][] = [
  ["Greeting is not translated", "ada-l", "enhancement"],
  ["Crash when the name is empty", "grace-h", "bug"],
  ["Document how to say hello twice", "ada-l", "documentation", "good first issue"],
  ["World is spelled differently in two places", "linus-demo", "bug"],
  ["Say hello by e-mail", "mona", "enhancement"],
  ["README has a broken link", null, "documentation"],
  ["Hello is slow on the first run", "grace-h", "bug"],
  ["Add a quiet mode", "hubot", "enhancement"],
  ["How do I greet several worlds?", "mona", "question"],
  ["Colours are missing in light terminals", "linus-demo", "bug"],
  ["Goodbye is never printed", "ada-l", "bug", "good first issue"],
  ["Support for <b>bold</b> & *other* markup", "hubot", "question"],
];

const PULL_REQUESTS: [title: string, author: string][] = [
  ["Translate the greeting", "ada-l"],
  ["Bump world from 1.0 to 1.1", "dependabot[bot]"],
  ["Fix the broken link", "grace-h"],
];

/** Fills a simulator with `octocat/hello-world`: 12 open issues, 3 pull requests, 5 contributors, languages and a release. */
export function seedDemo(simulator: GithubSimulator): SimulatedRepository {
  for (const [login, name] of [
    ["mona", "Mona Lisa"],
    ["hubot", "Hubot"],
  ] as const) {
    simulator.addUser({ login, name });
  }
  return simulator.addRepository({
    owner: "octocat",
    name: "hello-world",
    description: "My first repository on GitHub!",
    stars: 2_718,
    forks: 314,
    watchers: 161,
    license: "MIT",
    topics: ["hello", "world", "octocat"],
    languages: { TypeScript: 48_211, Shell: 1_204, Dockerfile: 611 },
    latestRelease: "v1.4.0",
    issues: [...ISSUES.map(toIssueInput), ...PULL_REQUESTS.map(toPullRequestInput)],
    contributors: CONTRIBUTORS,
  });
}

function toIssueInput([title, author, ...labels]: (typeof ISSUES)[number]): IssueInput {
  return { title, author, labels };
}

function toPullRequestInput([title, author]: (typeof PULL_REQUESTS)[number]): IssueInput {
  return { title, author, isPullRequest: true };
}
