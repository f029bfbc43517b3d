import { toNodeId, toUserJson } from "./render-user.ts";
import type { SimulatedRepository } from "./repository.ts";
import type { Users } from "./users.ts";

const LICENSE_NAMES: Record<string, string> = {
  MIT: "MIT License",
  "Apache-2.0": "Apache License 2.0",
  "GPL-3.0": "GNU General Public License v3.0",
  NOASSERTION: "Other",
};

const LINKS = ["forks", "teams", "hooks", "events", "tags", "languages", "stargazers", "contributors", "subscribers"];

/** GET /repos/:owner/:name. `open_issues_count` includes pull requests and `watchers_count` repeats the stars, as on GitHub. */
export function toRepositoryJson(repository: SimulatedRepository, base: string, users: Users): Record<string, unknown> {
  const openIssues = repository.issues.filter((issue) => issue.state === "open").length;
  return {
    ...toIdentityJson(repository, base, users),
    created_at: "2011-01-26T19:01:12Z",
    updated_at: repository.updatedAt,
    pushed_at: repository.pushedAt,
    homepage: "",
    size: repository.isEmpty ? 0 : 108,
    stargazers_count: repository.stars,
    watchers_count: repository.stars,
    language: Object.entries(repository.languages).sort((a, b) => b[1] - a[1])[0]?.[0] ?? null,
    has_issues: !repository.issuesDisabled,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: repository.forks,
    mirror_url: null,
    archived: repository.archived,
    disabled: false,
    open_issues_count: openIssues,
    license: toLicenseJson(repository.license, base),
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: repository.topics,
    visibility: repository.visibility,
    forks: repository.forks,
    open_issues: openIssues,
    watchers: repository.stars,
    default_branch: repository.defaultBranch,
    temp_clone_token: null,
    network_count: repository.forks,
    subscribers_count: repository.watchers,
  };
}

function toIdentityJson(repository: SimulatedRepository, base: string, users: Users): Record<string, unknown> {
  const url = `${base}/repos/${repository.fullName}`;
  const html = `https://github.com/${repository.fullName}`;
  return {
    id: repository.id,
    node_id: toNodeId("Repository", repository.id),
    name: repository.name,
    full_name: repository.fullName,
    private: repository.visibility === "private",
    owner: toUserJson(users.ensure(repository.owner), base),
    html_url: html,
    description: repository.description,
    fork: false,
    url,
    ...Object.fromEntries(LINKS.map((link) => [`${link}_url`, `${url}/${link}`])),
    issues_url: `${url}/issues{/number}`,
    pulls_url: `${url}/pulls{/number}`,
    labels_url: `${url}/labels{/name}`,
    releases_url: `${url}/releases{/id}`,
    git_url: `git://github.com/${repository.fullName}.git`,
    ssh_url: `git@github.com:${repository.fullName}.git`,
    clone_url: `${html}.git`,
  };
}

function toLicenseJson(spdxId: string | null, base: string): unknown {
  if (spdxId === null) return null;
  const key = spdxId === "NOASSERTION" ? "other" : spdxId.toLowerCase();
  const url = spdxId === "NOASSERTION" ? null : `${base}/licenses/${key}`;
  return { key, name: LICENSE_NAMES[spdxId] ?? spdxId, spdx_id: spdxId, url, node_id: "MDc6TGljZW5zZTA=" };
}
