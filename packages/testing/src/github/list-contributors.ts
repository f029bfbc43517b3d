import { type Answer, toErrorAnswer } from "./answer.ts";
import type { Call } from "./call.ts";
import type { ContributorInput } from "./inputs.ts";
import { toNumberedPage, toPageAnswer } from "./page.ts";
import { toUserJson } from "./render-user.ts";
import type { SimulatedRepository } from "./repository.ts";
import type { Users } from "./users.ts";

const TOO_LARGE = "The history or contributor list is too large to list contributors for this repository via the API.";

/** GET contributors: most contributions first, anonymous ones only with `?anon=1`; 204 for an empty repository. */
export function listContributors(repository: SimulatedRepository, call: Call, users: Users): Answer {
  if (repository.contributorsTooLarge) return toErrorAnswer(403, TOO_LARGE);
  if (repository.isEmpty) return { status: 204 };
  const withAnonymous = ["1", "true"].includes(call.query.get("anon") ?? "");
  const items = repository.contributors
    .filter((contributor) => withAnonymous || contributor.login !== undefined)
    .sort((a, b) => b.contributions - a.contributions);
  const request = { query: call.query, url: `${call.base}/repositories/${repository.id}/contributors` };
  return toPageAnswer(toNumberedPage(items, request), (contributor) =>
    toContributorJson(contributor, call.base, users),
  );
}

function toContributorJson(contributor: ContributorInput, base: string, users: Users): unknown {
  const { login, name, email, contributions } = contributor;
  if (login !== undefined) return { ...toUserJson(users.ensure(login), base), contributions };
  return { email: email ?? "nobody@example.com", name: name ?? "Anonymous", type: "Anonymous", contributions };
}
