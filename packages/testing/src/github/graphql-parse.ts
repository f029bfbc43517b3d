/** One selected user: `alias: user(login: "x") { fields }`. */
export interface UserSelection {
  alias: string;
  login: string;
  fields: string[];
}

export type ParsedQuery = { kind: "parsed"; selections: UserSelection[] } | { kind: "invalid"; message: string };

const SELECTION = /(?:([A-Za-z_]\w*)\s*:\s*)?\buser\s*\(\s*login\s*:\s*("(?:[^"\\]|\\.)*"|\$\w+)\s*\)\s*\{([^{}]*)\}/g;
const AROUND = /^\s*(?:query\b\s*\w*\s*(?:\(([^)]*)\))?)?\s*\{[\s,]*\}\s*$/;

/** Reads a query of nothing but `user(login:)` selections, with literal arguments or variables; anything else is invalid. */
export function parseUserQuery(query: string, variables: Record<string, unknown>): ParsedQuery {
  const around = AROUND.exec(query.replace(/#[^\n]*/g, "").replace(SELECTION, " "));
  if (!around) return { kind: "invalid", message: "Parse error: this server knows only user(login:) selections" };
  const declared = new Set([...(around[1] ?? "").matchAll(/\$(\w+)\s*:\s*String!/g)].map((match) => match[1]));
  const selections: UserSelection[] = [];
  for (const [, alias, argument = "", fields = ""] of query.matchAll(SELECTION)) {
    const login = toLogin(argument, declared, variables);
    if (login.kind === "invalid") return login;
    selections.push({ alias: alias ?? "user", login: login.value, fields: fields.split(/[\s,]+/).filter(Boolean) });
  }
  if (selections.length === 0) return { kind: "invalid", message: "Parse error: nothing is selected" };
  return { kind: "parsed", selections };
}

type Login = { kind: "login"; value: string } | { kind: "invalid"; message: string };

function toLogin(argument: string, declared: Set<string | undefined>, variables: Record<string, unknown>): Login {
  if (!argument.startsWith("$")) return { kind: "login", value: String(JSON.parse(argument)) };
  const name = argument.slice(1);
  if (!declared.has(name)) return { kind: "invalid", message: `Variable $${name} is used but not declared` };
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (typeof value === "string") return { kind: "login", value };
  return { kind: "invalid", message: `Variable $${name} of type String! was provided invalid value` };
}
