import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type DataLock, lockData } from "./data-lock.ts";
import { endServer, type RunningServer, type ServerPlan, startServer } from "./embedded-server.ts";
import { type FindOptions, findStartableRedis } from "./find-redis.ts";
import { startWatchdog, type Watchdog } from "./watchdog.ts";

export interface EmbeddedRedisOptions extends FindOptions {
  /** Default: a free one. */
  readonly port?: number | undefined;
  /** Default true: data stays in `<directory>/redis`. False: no append-only file, and the data goes at `stop()`. */
  readonly persistent?: boolean | undefined;
}

/** A real Redis or Valkey that lives no longer than the process that started it. */
export interface EmbeddedRedis {
  readonly url: string;
  readonly port: number;
  /** How it was got, e.g. `redis-server on PATH`. */
  readonly source: string;
  /** The server's process id; unknown for a container. */
  readonly pid: number | undefined;
  /** SIGTERM, SIGKILL after 5 s; safe to call more than once. */
  stop(): Promise<void>;
  /** Ends the server, by default with SIGTERM, and starts it again with the same port and data. */
  restart(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Ends the server, by default with SIGKILL, and leaves it so until `restart()` or `stop()`. */
  kill(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Stops the server's clock (SIGSTOP): connections stay open and get no answer. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

/**
 * Starts a private Redis on 127.0.0.1 and waits until it answers. It ends with `stop()` or, at the latest, with our
 * process. Throws one sentence when no Redis can be had, the port is taken, or the data is in use by another one.
 */
export async function startEmbeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  const isPersistent = options.persistent ?? true;
  const redis = await findStartableRedis(options);
  const { dataDirectory, lock } = await openData(options.directory, isPersistent);
  const watchdog = startWatchdog();
  const onReady: ServerPlan["onReady"] = async ({ port, runId }) => lock?.record({ port, runId });
  const plan: ServerPlan = { redis, dataDirectory, isPersistent, port: options.port, watchdog, onReady };
  const close = () => closeData({ dataDirectory, lock, watchdog });
  try {
    return toEmbeddedRedis(plan, await startServer(plan), close);
  } catch (error) {
    await close();
    throw error;
  }
}

function toEmbeddedRedis(plan: ServerPlan, first: RunningServer, close: () => Promise<void>): EmbeddedRedis {
  const { port } = first;
  let { launched } = first;
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    source: plan.redis.source,
    get pid() {
      return launched.pid;
    },
    async stop() {
      await endServer(launched, "SIGTERM");
      await close();
    },
    async restart(signal = "SIGTERM") {
      await endServer(launched, signal);
      ({ launched } = await startServer({ ...plan, port }));
    },
    kill: (signal = "SIGKILL") => endServer(launched, signal),
    pause: () => launched.signal("SIGSTOP"),
    resume: () => launched.signal("SIGCONT"),
  };
}

interface Data {
  readonly dataDirectory: string;
  readonly lock: DataLock | undefined;
}

async function openData(directory: string, isPersistent: boolean): Promise<Data> {
  if (!isPersistent) return { dataDirectory: await mkdtemp(join(tmpdir(), "hookline-redis-")), lock: undefined };
  const dataDirectory = resolve(directory, "redis");
  return { dataDirectory, lock: await lockData(dataDirectory) };
}

async function closeData({ dataDirectory, lock, watchdog }: Data & { readonly watchdog: Watchdog }): Promise<void> {
  watchdog.dismiss();
  if (lock) await lock.release();
  else await rm(dataDirectory, { recursive: true, force: true });
}
