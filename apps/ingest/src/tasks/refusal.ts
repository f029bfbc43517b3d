import type { ProblemType } from "@hookline/contracts";
import type { InputError } from "@hookline/runtime";

/** A request that was understood but is not carried out, and why. */
export interface Refusal {
  readonly isRefused: true;
  readonly problem: ProblemType;
  readonly detail: string;
  readonly errors?: readonly InputError[];
  readonly retryAfterMs?: number;
}
