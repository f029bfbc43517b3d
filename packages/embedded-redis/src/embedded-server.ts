import { setTimeout as delay } from "node:timers/promises";
import type { StartableRedis } from "./found-redis.ts";
import { findFreePort } from "./free-port.ts";
import { type Launched, launch, type Signal, toLogFile } from "./launch.ts";
import type { Identity } from "./resp.ts";
import { PortTakenError, waitUntilReady } from "./wait-until-ready.ts";
import type { Watchdog } from "./watchdog.ts";

const PORT_TRIES = 5;
const STOP_TIMEOUT_MS = 5_000;

export interface ServerPlan {
  readonly redis: StartableRedis;
  readonly dataDirectory: string;
  readonly isPersistent: boolean;
  /** Fixed when asked for; else any free one. */
  readonly port?: number | undefined;
  readonly watchdog: Watchdog;
  /** Called at every start, also after a restart. */
  readonly onReady: (server: Identity & { readonly port: number }) => Promise<void>;
}

/** A server that answers. */
export interface RunningServer {
  readonly port: number;
  readonly launched: Launched;
}

/** Starts on the asked port, else on a free one, trying again when somebody takes it first. */
export async function startServer(plan: ServerPlan): Promise<RunningServer> {
  for (let left = PORT_TRIES; ; left--) {
    const port = plan.port ?? (await findFreePort());
    try {
      return { port, launched: await startOn(port, plan) };
    } catch (error) {
      const mayRetry = error instanceof PortTakenError && plan.port === undefined && left > 1;
      if (!mayRetry) throw error;
    }
  }
}

async function startOn(port: number, plan: ServerPlan): Promise<Launched> {
  const { redis, dataDirectory, isPersistent, watchdog } = plan;
  const logFile = toLogFile(dataDirectory);
  const launched = launch(redis, { dataDirectory, isPersistent, port, logFile });
  const remove = isPersistent ? undefined : dataDirectory;
  watchdog.guard({ ...launched.lastWill, remove });
  // A process id may be given to another program once ours has ended: the watchdog must forget it.
  void launched.exited.then(() => watchdog.guard({ remove }));
  const identity = await waitUntilReady(launched, port, logFile);
  await plan.onReady({ ...identity, port });
  return launched;
}

/** Sends the signal and waits for the end; SIGTERM becomes SIGKILL after 5 s (a paused server hears no SIGTERM). */
export async function endServer(launched: Launched, signal: Signal): Promise<void> {
  if (launched.hasExited()) return;
  launched.ref();
  await launched.signal(signal);
  const isOver = await Promise.race([launched.exited.then(() => true), delay(STOP_TIMEOUT_MS, false, { ref: false })]);
  if (isOver) return;
  await launched.signal("SIGKILL");
  await launched.exited;
}
