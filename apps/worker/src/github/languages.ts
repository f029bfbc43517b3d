import { requireRecord } from "./json.ts";
import type { RepositoryFacts } from "./repository.ts";
import type { GithubSession } from "./session.ts";

/** Servers that only resemble GitHub may not tell languages; a repository that is gone is noticed by its lists. */
const ABSENT = { statuses: [404], value: {} };

/** Bytes of code by language. */
export async function getLanguages(
  session: GithubSession,
  { owner, name }: RepositoryFacts,
): Promise<Record<string, number>> {
  const answer = await session.get<Record<string, number>>(
    session.toUrl(["repos", owner, name, "languages"]),
    toLanguages,
    {
      absent: ABSENT,
    },
  );
  return answer.value;
}

export function toLanguages(json: unknown): Record<string, number> {
  const languages: Record<string, number> = {};
  for (const [language, bytes] of Object.entries(requireRecord(json, "languages"))) {
    if (typeof bytes === "number" && Number.isSafeInteger(bytes)) languages[language] = bytes;
  }
  return languages;
}
