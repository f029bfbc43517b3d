/** A server that runs already and is not ours to stop. */
export interface ExternalRedis {
  readonly kind: "external";
  readonly url: string;
  readonly source: string;
}

/** A `redis-server` or `valkey-server` program that runs on this machine. */
export interface RedisProgram {
  readonly kind: "program";
  readonly command: string;
  /** The environment it needs, e.g. `LD_LIBRARY_PATH` for an unpacked package. */
  readonly env: NodeJS.ProcessEnv;
  readonly source: string;
}

/** An image that Docker has and can run. */
export interface RedisImage {
  readonly kind: "image";
  readonly docker: string;
  readonly image: string;
  readonly env: NodeJS.ProcessEnv;
  readonly source: string;
}

/** A Redis that we start and stop ourselves. */
export type StartableRedis = RedisProgram | RedisImage;
export type FoundRedis = ExternalRedis | StartableRedis;

/** Told, in one sentence, what takes longer than a moment. */
export type Log = (sentence: string) => void;

/** What each way of finding a Redis is given. */
export interface SearchOptions {
  readonly directory: string;
  readonly log: Log;
  readonly env: NodeJS.ProcessEnv;
}
