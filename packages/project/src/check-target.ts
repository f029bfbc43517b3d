import { type TargetConfig, type TargetKindName, targetKindNames, targetOptionSchemas } from "@hookline/contracts";
import { errorMessage, parseSigningSecrets, variable } from "@hookline/runtime";
import { assertNotMetadata } from "./address-policy.ts";
import { createCheck } from "./check-schema.ts";
import { checkSecrets, secretNames } from "./check-secrets.ts";
import { type Entry, type Fields, fieldsAt, isFields } from "./entry.ts";
import { isVariable } from "./expand.ts";
import { join } from "./pointer.ts";
import type { Problems } from "./problems.ts";
import { suggest } from "./suggest.ts";

export interface TargetChecks {
  readonly problems: Problems;
  /** How a number or a boolean is written in the file. */
  readonly sourceOf: (pointer: string) => string | undefined;
}

const checksOf = new Map(
  targetKindNames.map((kind) => [kind, createCheck<TargetConfig>(targetOptionSchemas[kind])] as const),
);

/** The target that an entry configures; `undefined` when it is wrong. */
export function checkTarget(entry: Entry, checks: TargetChecks): TargetConfig | undefined {
  const { problems } = checks;
  const kind = checkKind(entry, problems);
  if (kind === undefined) return undefined;
  checkSecrets(entry, secretNames(targetOptionSchemas[kind]), problems);
  const options = toWrittenTypes(entry, kind, checks);
  const isConfig = checksOf.get(kind);
  checkUrls(options, entry.pointer, checks);
  checkHeaders(options, entry.pointer, problems);
  if (!isConfig?.(options, entry.pointer, problems)) return undefined;
  checkKindsOwn(options, entry.pointer, problems);
  return options;
}

function checkKind({ pointer, value }: Entry, problems: Problems): TargetKindName | undefined {
  const kind = targetKindNames.find((known) => known === value.kind);
  if (kind !== undefined) return kind;
  const at = join(pointer, "kind");
  if (value.kind === undefined) problems.add(at, `is missing; known are ${targetKindNames.join(", ")}`);
  else problems.add(at, `is no kind of target; ${suggest(String(value.kind), targetKindNames)}`);
  return undefined;
}

/**
 * An id of digits is a text although YAML reads a number, whose last digits may be lost; a number or a boolean that
 * comes out of a variable is one although variables are texts.
 */
function toWrittenTypes({ pointer, raw, value }: Entry, kind: TargetKindName, { sourceOf }: TargetChecks): Fields {
  return Object.fromEntries(
    Object.entries(value).map(([name, given]) => {
      const { type } = fieldsAt(targetOptionSchemas[kind], "properties", name);
      if (type === "string" && typeof given === "number") return [name, sourceOf(join(pointer, name)) ?? given];
      return [name, isVariable(raw[name]) ? toType(type, given) : given];
    }),
  );
}

function toType(type: unknown, given: unknown): unknown {
  if (type === "integer" && /^-?\d{1,15}$/.test(String(given))) return Number(given);
  if (type === "boolean" && (given === "true" || given === "false")) return given === "true";
  return given;
}

function checkUrls(options: Fields, at: string, { problems }: TargetChecks): void {
  for (const name of ["url", "apiUrl"]) {
    const url = options[name];
    const pointer = join(at, name);
    // What is no http(s) URL at all is told by the schema.
    if (typeof url !== "string" || !/^https?:/.test(url) || problems.isMarked(pointer)) continue;
    try {
      assertNotMetadata(variable.parseHttpUrl(url));
    } catch (error) {
      problems.add(pointer, errorMessage(error));
    }
  }
}

/** Names that the connection or the body's form decide: undici refuses most of them at every request. */
const RESERVED =
  /^(connection|content-length|content-type|webhook-.*|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*)$/i;

function checkHeaders({ headers }: Fields, at: string, problems: Problems): void {
  const seen = new Set<string>();
  for (const name of Object.keys(isFields(headers) ? headers : {})) {
    const pointer = join(join(at, "headers"), name);
    if (RESERVED.test(name)) problems.add(pointer, "cannot be set here", "key");
    if (seen.has(name.toLowerCase())) problems.add(pointer, "stands here a second time", "key");
    seen.add(name.toLowerCase());
  }
}

function checkKindsOwn(config: TargetConfig, at: string, problems: Problems): void {
  switch (config.kind) {
    case "webhook":
      checkSigningSecrets(config.secret, join(at, "secret"), problems);
      return;
    case "slack":
      checkSlack(config, at, problems);
      return;
    case "discord":
      if (config.threadId !== undefined && config.forum === true) {
        problems.add(at, "takes a threadId or forum: true, not both");
      }
  }
}

function checkSigningSecrets(secret: string | undefined, pointer: string, problems: Problems): void {
  if (secret === undefined || problems.isMarked(pointer)) return;
  try {
    parseSigningSecrets(secret);
  } catch (error) {
    problems.add(pointer, errorMessage(error));
  }
}

function checkSlack(config: { url?: string; token?: string; channel?: string }, at: string, problems: Problems): void {
  const given = [config.url, config.token, config.channel].map((value) => value !== undefined).join();
  if (given === "true,false,false" || given === "false,true,true") return;
  problems.add(at, "takes a url, or a token and a channel");
}
