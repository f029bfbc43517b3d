import {
  type BasecampInbox,
  DEFAULT_TARGET,
  ProjectFileSchema,
  type TargetConfig,
  TargetNameSchema,
} from "@hookline/contracts";
import { createValidator, type Environment, rawText } from "@hookline/runtime";
import { checkDistinct, checkInbox } from "./check-inbox.ts";
import { createCheck } from "./check-schema.ts";
import { checkTarget, type TargetChecks } from "./check-target.ts";
import { type Entry, fieldsAt, isFields } from "./entry.ts";
import { expand } from "./expand.ts";
import { parseTree } from "./parse-tree.ts";
import { join } from "./pointer.ts";
import { createProblems, type Problems } from "./problems.ts";
import { emptyProject, type Project, toRecord } from "./project.ts";
import { readText } from "./read-text.ts";
import { collectSecrets } from "./secrets.ts";

export interface LoadOptions {
  readonly env: Environment;
  /** Ingest runs without the targets' secrets: variables that are not set are then no problem in `targets`. */
  readonly isTargetSecretNeeded: boolean;
}

const isFile = createCheck<object>(ProjectFileSchema);
const isName = createValidator<string>(TargetNameSchema);
const TARGETS = ["targets"];
const INBOXES = ["sources", "basecamp", "inboxes"];

/** Reads the project file that `HOOKLINE_CONFIG` names, if it names one. @throws ProjectError. */
export function readProject(options: LoadOptions): Project {
  const path = rawText("HOOKLINE_CONFIG", options.env);
  return path === undefined ? emptyProject : loadProject({ path, ...options });
}

/** Reads a project file. @throws ProjectError with all that is wrong, each with file:line:column and the path to it. */
export function loadProject({ path, ...options }: LoadOptions & { readonly path: string }): Project {
  const tree = parseTree(path, readText(path));
  const problems = createProblems(path, tree.locate);
  const mayBeUnset = (pointer: string) => !options.isTargetSecretNeeded && pointer.startsWith("/targets/");
  const expanded = expand(tree.value, { env: options.env, problems, mayBeUnset });
  isFile(expanded.value, "", problems);
  const entriesAt = (path: readonly string[]) => toEntries(tree.value, expanded.value, path);
  const targets = readTargets(entriesAt(TARGETS), { problems, sourceOf: tree.sourceOf });
  const hasWebhook = rawText("WEBHOOK_URL", options.env) !== undefined;
  if (hasWebhook && fieldsAt(expanded.value, ...TARGETS)[DEFAULT_TARGET] !== undefined) {
    problems.add("/targets/default", "is the target of WEBHOOK_URL, which is set: name this one differently", "key");
  }
  const names = [...Object.keys(fieldsAt(expanded.value, ...TARGETS)), ...(hasWebhook ? [DEFAULT_TARGET] : [])];
  const inboxes = readInboxes(entriesAt(INBOXES), names, problems);
  problems.throwAll();
  const secrets = collectSecrets(
    expanded.used,
    targets.map(([, config]) => config),
  );
  return { targets: toRecord(targets), inboxes: toRecord(inboxes), secrets };
}

/** The named mappings at a path of the file, as written and as expanded. */
function toEntries(raw: unknown, expanded: unknown, path: readonly string[]): Entry[] {
  const written = fieldsAt(raw, ...path);
  return Object.entries(fieldsAt(expanded, ...path)).flatMap(([name, value]) => {
    const pointer = join(`/${path.join("/")}`, name);
    return isFields(value) ? [{ name, pointer, raw: fieldsAt(written, name), value }] : [];
  });
}

function readTargets(entries: readonly Entry[], checks: TargetChecks): (readonly [string, TargetConfig])[] {
  return entries.flatMap((entry) => {
    checkName(entry, checks.problems);
    const config = checkTarget(entry, checks);
    return config === undefined ? [] : [[entry.name, config] as const];
  });
}

function readInboxes(
  entries: readonly Entry[],
  targets: readonly string[],
  problems: Problems,
): (readonly [string, BasecampInbox])[] {
  const read = entries.flatMap((entry) => {
    checkName(entry, problems);
    const inbox = checkInbox(entry, targets, problems);
    return inbox === undefined ? [] : [[entry, inbox] as const];
  });
  checkDistinct(read, problems);
  return read.map(([{ name }, inbox]) => [name, inbox]);
}

function checkName({ name, pointer }: Entry, problems: Problems): void {
  if (isName(name).isValid) return;
  problems.add(pointer, "must be named with letters, digits, dots, hyphens and underscores", "key");
}
