export type Fault =
  | { kind: "status"; status: number; body?: string; headers?: Record<string, string> }
  | { kind: "delay"; ms: number }
  | { kind: "hang" }
  | { kind: "reset" }
  | { kind: "truncate" }
  | { kind: "html" }
  | { kind: "invalid-json" }
  | { kind: "redirect"; location: string; status?: 301 | 302 | 307 | 308 };

/** Matched against path and query: a regular expression, a prefix or a function. */
export type FaultMatcher = RegExp | string | ((path: string) => boolean);

export interface FaultOptions {
  /** How many requests meet the fault; default: all. */
  times?: number;
}

interface ActiveFault {
  matches: (path: string) => boolean;
  fault: Fault;
  left: number;
}

/** Switched faults; of several that match, the one switched on first is taken until it is used up. */
export class Faults {
  #active: ActiveFault[] = [];

  add(matcher: FaultMatcher, fault: Fault, options: FaultOptions = {}): void {
    this.#active.push({ matches: toPredicate(matcher), fault, left: options.times ?? Number.POSITIVE_INFINITY });
  }

  take(path: string): Fault | undefined {
    const active = this.#active.find((candidate) => candidate.left > 0 && candidate.matches(path));
    if (!active) return undefined;
    active.left -= 1;
    return active.fault;
  }

  clear(): void {
    this.#active = [];
  }
}

function toPredicate(matcher: FaultMatcher): (path: string) => boolean {
  if (typeof matcher === "function") return matcher;
  if (typeof matcher === "string") return (path) => path.startsWith(matcher);
  // `search` ignores lastIndex, which a /g expression would carry from request to request.
  return (path) => path.search(matcher) >= 0;
}
