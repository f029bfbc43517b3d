import type { GithubClient } from "./client.ts";
import type { Contributor } from "./contributors.ts";
import { askGraphqlNames } from "./graphql-names.ts";
import type { Names } from "./name-cache.ts";
import type { GithubSession } from "./session.ts";
import { askUserNames } from "./user-names.ts";

export interface NameList {
  /** Names by login; contributors that are missing here could not be asked for. */
  readonly names: Names;
  readonly partialReason: string | undefined;
}

/**
 * The contributors' display names: from the cache, else by GraphQL with a token, else one by one. A bot is called by its
 * login.
 *
 * A name is decoration: what fails here is told in `partialReason` and never thrown, except the signal's reason.
 */
export async function findNames(
  client: GithubClient,
  session: GithubSession,
  { contributors, ttlMs }: { contributors: readonly Contributor[]; ttlMs: number },
): Promise<NameList> {
  const bots = contributors.filter(({ isBot }) => isBot).map(({ login }): [string, string] => [login, login]);
  const logins = contributors.filter(({ isBot }) => !isBot).map(({ login }) => login);
  const cached = await client.names.find(logins);
  const unknown = logins.filter((login) => !cached.has(login));
  const asked = await ask(client, session, unknown);
  await client.names.save(asked, ttlMs);
  const missing = unknown.length - asked.size;
  return {
    names: new Map([...bots, ...cached, ...asked]),
    partialReason: missing === 0 ? undefined : `the display names of ${missing} contributors could not be asked for`,
  };
}

async function ask(client: GithubClient, session: GithubSession, logins: readonly string[]): Promise<Names> {
  const byGraphql: Names = client.isAnonymous ? new Map() : await askGraphqlNames(session, logins, client.log);
  const left = logins.filter((login) => !byGraphql.has(login));
  const oneByOne = await askUserNames({ client, session }, left);
  return new Map([...byGraphql, ...oneByOne]);
}
