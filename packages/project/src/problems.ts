import { ConfigurationError } from "@hookline/runtime";
import { toPath } from "./pointer.ts";

/** Counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A member's name, or what it holds. */
export type Part = "key" | "value";
export type Locate = (pointer: string, part: Part) => Position;

/** A list that nobody reads to its end would only fill the log. */
const MOST_TOLD = 100;

/** Everything that is wrong with a project file, one problem per line, in the order of the file; never a secret. */
export class ProjectError extends ConfigurationError {
  override readonly name = "ProjectError";

  constructor(problems: readonly string[]) {
    const left = problems.length - MOST_TOLD;
    super("The project file is wrong", left > 0 ? [...problems.slice(0, MOST_TOLD), `… and ${left} more`] : problems);
  }
}

export interface Problems {
  /** Of several problems of one member the first is told: the others mostly follow from it. */
  add(pointer: string, message: string, part?: Part): void;
  /** Nothing is told of a member whose value is not known here. */
  ignore(pointer: string): void;
  /** Whether something is wrong with a member, or its value is not known. */
  isMarked(pointer: string): boolean;
  /** @throws ProjectError when there is a problem. */
  throwAll(): void;
}

/** Collects what is wrong with the file at `path`. */
export function createProblems(path: string, locate: Locate): Problems {
  const found = new Map<string, { position: Position; text: string } | undefined>();
  return {
    add(pointer, message, part = "value") {
      if (found.has(pointer)) return;
      const position = locate(pointer, part);
      const where = pointer === "" ? "" : ` ${toPath(pointer)}:`;
      found.set(pointer, { position, text: `${toPlace(path, position)}${where} ${message}` });
    },
    ignore: (pointer) => void found.set(pointer, undefined),
    isMarked: (pointer) => found.has(pointer),
    throwAll() {
      const problems = [...found.values()].filter((problem) => problem !== undefined);
      problems.sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column);
      if (problems.length > 0) throw new ProjectError(problems.map(({ text }) => text));
    },
  };
}

export function toPlace(path: string, { line, column }: Position): string {
  return `${path}:${line}:${column}`;
}
