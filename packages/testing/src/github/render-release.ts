import { toNodeId, toUserJson } from "./render-user.ts";
import type { SimulatedRepository } from "./repository.ts";
import type { Users } from "./users.ts";

/** GET releases/latest; `undefined` where nothing was released. */
export function toReleaseJson(repository: SimulatedRepository, base: string, users: Users): unknown {
  const tag = repository.latestRelease;
  if (tag === null) return undefined;
  const api = `${base}/repos/${repository.fullName}`;
  return {
    url: `${api}/releases/${repository.id}`,
    assets_url: `${api}/releases/${repository.id}/assets`,
    html_url: `https://github.com/${repository.fullName}/releases/tag/${encodeURIComponent(tag)}`,
    id: repository.id,
    author: toUserJson(users.ensure(repository.owner), base),
    node_id: toNodeId("Release", repository.id),
    tag_name: tag,
    target_commitish: repository.defaultBranch,
    name: tag,
    draft: false,
    immutable: false,
    prerelease: false,
    created_at: repository.releasedAt,
    published_at: repository.releasedAt,
    assets: [],
    tarball_url: `${api}/tarball/${tag}`,
    zipball_url: `${api}/zipball/${tag}`,
    body: `What is new in ${tag}.`,
  };
}
