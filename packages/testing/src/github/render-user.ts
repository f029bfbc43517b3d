import type { SimulatedUser } from "./users.ts";

/** A user as it stands inside other objects: no display name. */
export function toUserJson(user: SimulatedUser, base: string): Record<string, unknown> {
  const url = `${base}/users/${encodeURIComponent(user.login)}`;
  return {
    login: user.login,
    id: user.id,
    node_id: toNodeId("User", user.id),
    avatar_url: `https://avatars.githubusercontent.com/u/${user.id}?v=4`,
    gravatar_id: "",
    url,
    html_url: toHtmlUrl(user),
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user.type,
    user_view_type: "public",
    site_admin: false,
  };
}

/** GET /users/:login, where the display name is. */
export function toFullUserJson(user: SimulatedUser, base: string): Record<string, unknown> {
  return {
    ...toUserJson(user, base),
    name: user.name,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 8,
    public_gists: 8,
    followers: 20,
    following: 9,
    created_at: "2011-01-25T18:44:36Z",
    updated_at: "2024-01-01T00:00:00Z",
  };
}

/** GitHub's opaque global id. */
export function toNodeId(type: string, id: number): string {
  return Buffer.from(`0${type.length}:${type}${id}`).toString("base64");
}

function toHtmlUrl({ login, type }: SimulatedUser): string {
  return type === "Bot" ? `https://github.com/apps/${login.replace(/\[bot\]$/, "")}` : `https://github.com/${login}`;
}
