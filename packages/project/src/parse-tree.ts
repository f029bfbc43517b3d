import { type Document, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, type Pair, parseDocument } from "yaml";
import { join, parentOf } from "./pointer.ts";
import { type Part, type Position, ProjectError, toPlace } from "./problems.ts";
import { toSentence } from "./yaml-sentences.ts";

/** A YAML file as plain values, and where each of them stands. */
export interface Tree {
  readonly value: unknown;
  /** Where a member stands, else the nearest one around it. */
  readonly locate: (pointer: string, part: Part) => Position;
  /** A number or a boolean as it is written. */
  readonly sourceOf: (pointer: string) => string | undefined;
}

interface Place {
  readonly key: number;
  readonly value: number;
  readonly source?: string | undefined;
}

const MOST_ALIASES = 100;
const DEEPEST = 32;
/** Brackets, and indicators on one line (`- - -`), past which a text is not parsed at all. */
const DEEPEST_FLOW = 1000;
const DEEPEST_COMPACT = 500;
/** Words, signs, blanks and line breaks. Some 4,000 targets have as many; the parser takes seconds over a million. */
const MOST_TOKENS = 100_000;

/** Only YAML 1.2's core schema: no other tags, no merge keys, texts as names. */
const OPTIONS = {
  version: "1.2",
  schema: "core",
  resolveKnownTags: false,
  merge: false,
  stringKeys: true,
  // Looked for below: the parser compares each name with every other, which takes seconds over thousands.
  uniqueKeys: false,
  strict: true,
  prettyErrors: false,
  logLevel: "error",
} as const;

class ShapeError extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** Reads YAML 1.2. @throws ProjectError with the places of its mistakes. */
export function parseTree(path: string, text: string): Tree {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (isAbsurdlyDeep(text)) throw new ProjectError([`${path}: is nested too deeply`]);
  if (hasMoreTokens(text)) {
    throw new ProjectError([`${path}: says too much: it has more than ${MOST_TOKENS} words, signs and line breaks`]);
  }
  const document = parseDocument(text, { ...OPTIONS, lineCounter: lines });
  const mistakes = new Map<number, string>();
  for (const { code, pos } of [...document.errors, ...document.warnings]) {
    const position = at(pos[0]);
    // The first of a line: those behind it only follow from it.
    if (!mistakes.has(position.line)) mistakes.set(position.line, `${toPlace(path, position)} ${toSentence(code)}`);
  }
  if (mistakes.size > 0) throw new ProjectError([...mistakes.values()]);
  try {
    return toTree(document, path, at);
  } catch (error) {
    if (error instanceof ShapeError) throw new ProjectError([`${toPlace(path, at(error.offset))} ${error.message}`]);
    throw error;
  }
}

/** The parser takes minutes, or all memory, over a megabyte of brackets that are not closed. */
function isAbsurdlyDeep(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/[[{\]}]|(?:[-?:][ \t]+)+/g)) {
    if (token === "[" || token === "{") depth += 1;
    else if (token === "]" || token === "}") depth = Math.max(0, depth - 1);
    else if (token.replaceAll(/[ \t]/g, "").length >= DEEPEST_COMPACT) return true;
    if (depth >= DEEPEST_FLOW) return true;
  }
  return false;
}

function hasMoreTokens(text: string): boolean {
  let count = 0;
  for (const _token of new Lexer().lex(text)) {
    count += 1;
    if (count > MOST_TOKENS) return true;
  }
  return false;
}

function toTree(document: Document, path: string, at: (offset: number) => Position): Tree {
  const places = new Map<string, Place>([["", { key: 0, value: 0 }]]);
  const repeated: number[] = [];
  const value = createConverter(document, places, repeated)(document.contents, "", 0);
  if (repeated.length > 0) {
    throw new ProjectError(repeated.map((offset) => `${toPlace(path, at(offset))} ${toSentence("DUPLICATE_KEY")}`));
  }
  return {
    value,
    locate(pointer, part) {
      let known = pointer;
      while (!places.has(known)) known = parentOf(known);
      const place = places.get(known);
      return at(place?.[known === pointer ? part : "key"] ?? 0);
    },
    sourceOf: (pointer) => places.get(pointer)?.source,
  };
}

/** Turns nodes into values, noting where they stand, and which names stand in their mapping before. */
function createConverter(document: Document, places: Map<string, Place>, repeated: number[]) {
  let aliases = 0;
  const convert = (node: unknown, pointer: string, key: number): unknown => {
    if (pointer.split("/").length > DEEPEST) throw new ShapeError(key, "is nested too deeply");
    if (isAlias(node)) {
      aliases += 1;
      const start = node.range?.[0] ?? key;
      if (aliases > MOST_ALIASES) throw new ShapeError(start, `is one alias more than the ${MOST_ALIASES} allowed`);
      const aim = node.resolve(document);
      if (aim === undefined) throw new ShapeError(start, "is an alias of an anchor that does not stand before it");
      return convert(aim, pointer, key);
    }
    if (isMap(node)) {
      for (const offset of toRepeated(node.items)) repeated.push(offset);
      return Object.fromEntries(node.items.map((pair) => convertPair(pair, pointer, key)));
    }
    if (isSeq(node)) return node.items.map((item, index) => convertMember(item, join(pointer, index), key));
    return isScalar(node) ? node.value : null;
  };
  const convertPair = ({ key, value }: Pair, pointer: string, around: number): [string, unknown] => {
    const name = String(isScalar(key) ? key.value : key);
    return [name, convertMember(value, join(pointer, name), isScalar(key) ? (key.range?.[0] ?? around) : around)];
  };
  const convertMember = (node: unknown, pointer: string, key: number): unknown => {
    const isPlain = isScalar(node);
    const start = isPlain ? (node.range?.[0] ?? key) : key;
    places.set(pointer, { key, value: start, source: isPlain ? node.source : undefined });
    return convert(node, pointer, key);
  };
  return convert;
}

/** Where the names stand that a mapping has already. */
function toRepeated(items: readonly Pair[]): number[] {
  const known = new Set<unknown>();
  return items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const isKnown = known.has(key.value);
    known.add(key.value);
    return isKnown ? [key.range?.[0] ?? 0] : [];
  });
}
