import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as contracts from "@hookline/contracts";
import { parseSync } from "@swc/core";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** A regular expression of the code, and where it stands. */
export interface Found {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

/** Every regular expression literal of the apps' and packages' sources, tests left out. */
export function collectLiterals(): Found[] {
  return collect((node) => {
    const { type, pattern, flags } = node;
    return type === "RegExpLiteral" ? { source: String(pattern), flags: String(flags) } : undefined;
  });
}

/** Every `RegExp(…)` and `new RegExp(…)`: what it is made of, with `${}` for what is known at run time only. */
export function collectBuilt(): Found[] {
  return collect((node) => {
    const { type, callee } = node;
    const isBuilt =
      (type === "NewExpression" || type === "CallExpression") && isNode(callee) && callee.value === "RegExp";
    return isBuilt ? { source: toTexts(node.arguments).join("${}"), flags: "" } : undefined;
  });
}

/** Every `pattern` of the schemas that requests and files are checked with. Ajv compiles them with the flag `u`. */
export function collectSchemaPatterns(): Found[] {
  const found: Found[] = [];
  walk(contracts, (node) => {
    if (typeof node.pattern === "string") found.push({ file: "packages/contracts", source: node.pattern, flags: "u" });
  });
  return found;
}

type Node = Readonly<Record<string, unknown>>;

function collect(read: (node: Node) => { source: string; flags: string } | undefined): Found[] {
  return sourceFiles().flatMap((file) => {
    const found: Found[] = [];
    walk(parseSync(readFileSync(join(ROOT, file), "utf8"), { syntax: "typescript", target: "es2022" }), (node) => {
      const each = read(node);
      if (each !== undefined) found.push({ file, ...each });
    });
    return found;
  });
}

/** The testing package is never in production. */
function sourceFiles(): string[] {
  return ["apps", "packages"]
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
    )
    .filter((file) => /^(apps|packages)\/[^/]+\/src\/.*\.ts$/.test(file) && !file.endsWith(".test.ts"))
    .filter((file) => !file.startsWith("packages/testing/"))
    .toSorted();
}

function walk(value: unknown, visit: (node: Node) => void, seen = new Set<unknown>()): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  if (isNode(value)) visit(value);
  for (const member of Object.values(value)) walk(member, visit, seen);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The texts among a call's arguments. */
function toTexts(value: unknown): string[] {
  const texts: string[] = [];
  walk(value, (node) => {
    if (node.type === "StringLiteral") texts.push(String(node.value));
    if (node.type === "TemplateElement") texts.push(String(node.cooked));
  });
  return texts;
}
