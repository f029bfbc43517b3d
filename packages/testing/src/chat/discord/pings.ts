import { type Fields, toFields, toList, toText } from "../parse.ts";
import type { ChatPing } from "../types.ts";

/** Mentions in the content that nothing forbids. Embeds notify nobody; without `allowed_mentions` everything does. */
export function findPings(payload: Fields): ChatPing[] {
  const found = toText(payload.content).matchAll(/@everyone|@here|<@!?(\d+)>|<@&(\d+)>/g);
  return [...found]
    .filter(([mention, user, role]) => isAllowed(payload.allowed_mentions, { mention, user, role }))
    .map(([text]) => ({ text, where: "content" }));
}

interface Mention {
  mention: string;
  user: string | undefined;
  role: string | undefined;
}

function isAllowed(allowed: unknown, { user, role }: Mention): boolean {
  if (allowed === undefined || allowed === null) return true;
  const { parse, users, roles } = toFields(allowed);
  const kinds = toList(parse);
  if (user !== undefined) return kinds.includes("users") || toList(users).includes(user);
  if (role !== undefined) return kinds.includes("roles") || toList(roles).includes(role);
  return kinds.includes("everyone");
}
