export interface ServerOptions {
  readonly dataDirectory: string;
  readonly port: number;
  readonly isPersistent: boolean;
}

/**
 * Command-line settings common to every way of running. `noeviction` because a queue must never lose a key, AOF because
 * accepted means durable. `hash-max-ziplist-value` is the name that Redis 6, 7, 8 and Valkey all accept for
 * `hash-max-listpack-value`: 1024 halves the memory of a delayed job.
 */
export function toServerArgs({ dataDirectory, port, isPersistent }: ServerOptions): string[] {
  const durability = isPersistent ? ["--appendonly", "yes", "--appendfsync", "everysec"] : ["--appendonly", "no"];
  return [
    ...["--port", String(port), "--dir", dataDirectory, "--save", ""],
    ...durability,
    ...["--maxmemory-policy", "noeviction", "--hash-max-ziplist-value", "1024"],
  ];
}
