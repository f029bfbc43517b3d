import type { PayloadOf, TaskKind } from "@hookline/contracts";
import type { TraceContext } from "@hookline/runtime";
import type { BackoffOptions } from "bullmq";

/** What a processor is told beside its payload. */
export interface JobContext {
  readonly id: string;
  /** Counted from 1. */
  readonly attempt: number;
  readonly attemptsMax: number;
  readonly backoff: BackoffOptions;
  readonly createdAt: number;
  /** The trace that the job was added in. */
  readonly trace?: TraceContext | undefined;
  /** The process that worked the job before was lost: what it did may have been done already. */
  readonly wasTakenOver: boolean;
  /** Aborted when the process must end before the job does. */
  readonly signal: AbortSignal;
}

export type Processor<K extends TaskKind> = (payload: PayloadOf<K>, context: JobContext) => Promise<unknown>;
export type Processors = { readonly [K in TaskKind]: Processor<K> };

/** How one run of a job ended. */
export type JobOutcome = "completed" | "retried" | "waited" | "failed" | "interrupted";
