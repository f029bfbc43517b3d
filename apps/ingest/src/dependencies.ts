import type { Project } from "@hookline/project";
import type { Queues, RedisConnection, Replication } from "@hookline/queue";
import type { Keys, Logger } from "@hookline/runtime";
import type { Tracing } from "@hookline/telemetry";
import type { IngestSettings } from "./config.ts";
import type { Metrics } from "./metrics.ts";

/** What the routes need, composed in main.ts. */
export interface Dependencies {
  readonly settings: IngestSettings;
  /** The project file: configured targets and inboxes. */
  readonly project: Project;
  readonly redis: RedisConnection;
  readonly queues: Queues;
  /** Whether enough servers hold what was queued. */
  readonly replication: Replication;
  readonly keys: Keys;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  /** Whether the process is being shut down. */
  readonly isDraining: () => boolean;
}
