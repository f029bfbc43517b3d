import { type Answer, toBlocked, toErrorAnswer, toNotFound } from "./answer.ts";
import type { Call } from "./call.ts";
import { listContributors } from "./list-contributors.ts";
import { listIssues } from "./list-issues.ts";
import { toReleaseJson } from "./render-release.ts";
import { toRepositoryJson } from "./render-repository.ts";
import { toFullUserJson } from "./render-user.ts";
import type { SimulatedRepository } from "./repository.ts";
import type { Lookup, World } from "./world.ts";

type RepositoryRoute = (repository: SimulatedRepository, call: Call, world: World) => Answer;

const REPOSITORY_ROUTES: Record<string, RepositoryRoute> = {
  "": (repository, { base }, { users }) => ({ status: 200, json: toRepositoryJson(repository, base, users) }),
  "/issues": (repository, call, { users }) => listIssues(repository, call, users),
  "/contributors": (repository, call, { users }) => listContributors(repository, call, users),
  "/languages": (repository) => ({ status: 200, json: repository.isEmpty ? {} : repository.languages }),
  "/releases/latest": (repository, { base }, { users }) => {
    const json = toReleaseJson(repository, base, users);
    return json === undefined ? toNotFound() : { status: 200, json };
  },
};

/** Answers a REST request that has passed authentication and limits. */
export function route(call: Call, world: World): Answer {
  if (call.method !== "GET") return toNotFound();
  const named = /^\/repos\/([^/]+\/[^/]+)(\/.*)?$/.exec(call.path);
  if (named) return routeRepository(world.findByName(decode(named[1])), named[2] ?? "", { call, world });
  const numbered = /^\/repositories\/(\d+)(\/.*)?$/.exec(call.path);
  if (numbered) return routeRepository(world.findById(Number(numbered[1])), numbered[2] ?? "", { call, world });
  const user = /^\/users\/([^/]+)$/.exec(call.path);
  return user ? toUserAnswer(decode(user[1]), call, world) : toNotFound();
}

function routeRepository(lookup: Lookup, rest: string, { call, world }: { call: Call; world: World }): Answer {
  switch (lookup.kind) {
    case "missing":
      return toNotFound();
    case "blocked":
      return toBlocked();
    case "moved":
      return toMoved(lookup.repository, rest, call);
    case "found": {
      const isHidden = lookup.repository.visibility === "private" && call.identity.kind !== "token";
      const found = Object.hasOwn(REPOSITORY_ROUTES, rest) && !isHidden ? REPOSITORY_ROUTES[rest] : undefined;
      return found ? found(lookup.repository, call, world) : toNotFound();
    }
  }
}

function toMoved(repository: SimulatedRepository, rest: string, call: Call): Answer {
  const query = call.query.size === 0 ? "" : `?${call.query}`;
  const location = `${call.base}/repositories/${repository.id}${rest}${query}`;
  const error = toErrorAnswer(301, "Moved Permanently", { location });
  return {
    ...error,
    json: { message: "Moved Permanently", url: location, documentation_url: "https://docs.github.com/rest" },
  };
}

function toUserAnswer(login: string, call: Call, world: World): Answer {
  const user = world.users.find(login);
  return user ? { status: 200, json: toFullUserJson(user, call.base) } : toNotFound();
}

function decode(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? "");
  } catch {
    // A stray percent sign: no repository and no user has one in its name, so it ends as 404.
    return "";
  }
}
