import { type Answer, toErrorAnswer } from "./answer.ts";
import type { Call } from "./call.ts";
import { parseUserQuery, type UserSelection } from "./graphql-parse.ts";
import { toNodeId } from "./render-user.ts";
import type { SimulatedUser, Users } from "./users.ts";

const MAX_SELECTIONS = 100;

const USER_FIELDS: Record<string, (user: SimulatedUser) => unknown> = {
  __typename: () => "User",
  id: (user) => toNodeId("User", user.id),
  databaseId: (user) => user.id,
  login: (user) => user.login,
  name: (user) => user.name,
  url: (user) => `https://github.com/${user.login}`,
  avatarUrl: (user) => `https://avatars.githubusercontent.com/u/${user.id}?v=4`,
};

interface GraphqlError {
  type?: string;
  path?: string[];
  message: string;
}

/** GitHub's answer to a spent GraphQL limit: an error inside a 200. */
export function toGraphqlLimited(): Answer {
  return toErrors([{ type: "RATE_LIMITED", message: "API rate limit exceeded for user ID 1000." }]);
}

/** POST /graphql by somebody known: names of up to 100 users; bots and organizations are not users and come back as missing. */
export function answerGraphql(call: Call, users: Users): Answer {
  const request = readRequest(call.body);
  if (!request) return toErrorAnswer(400, "Problems parsing JSON");
  const parsed = parseUserQuery(request.query, request.variables);
  if (parsed.kind === "invalid") return toErrors([{ message: parsed.message }]);
  if (parsed.selections.length > MAX_SELECTIONS) {
    return toErrors([{ type: "RESOURCE_LIMITS_EXCEEDED", message: "Resource limits for this query exceeded." }]);
  }
  const unknown = parsed.selections.flatMap(({ fields }) => fields).find((field) => !Object.hasOwn(USER_FIELDS, field));
  if (unknown !== undefined) return toErrors([{ message: `Field '${unknown}' doesn't exist on type 'User'` }]);
  return toData(parsed.selections, users);
}

function toData(selections: UserSelection[], users: Users): Answer {
  const data: Record<string, unknown> = {};
  const errors: GraphqlError[] = [];
  for (const { alias, login, fields } of selections) {
    const user = users.find(login);
    const isUser = user?.type === "User";
    data[alias] = isUser ? Object.fromEntries(fields.map((field) => [field, USER_FIELDS[field]?.(user)])) : null;
    const message = `Could not resolve to a User with the login of '${login}'.`;
    if (!isUser) errors.push({ type: "NOT_FOUND", path: [alias], message });
  }
  return { status: 200, json: errors.length > 0 ? { data, errors } : { data } };
}

function toErrors(errors: GraphqlError[]): Answer {
  return { status: 200, json: { errors } };
}

function readRequest(body: string): { query: string; variables: Record<string, unknown> } | undefined {
  try {
    const { query, variables } = JSON.parse(body) as { query?: unknown; variables?: unknown };
    const isRecord = typeof variables === "object" && variables !== null;
    return { query: String(query ?? ""), variables: isRecord ? Object.fromEntries(Object.entries(variables)) : {} };
  } catch {
    // Not JSON (or null): the caller answers 400.
    return undefined;
  }
}
