export interface MainSettings {
  host: string;
  port: number;
}

/** HOST and PORT of a container's process: default 0.0.0.0:8080. */
export function readMainSettings(env: NodeJS.ProcessEnv): MainSettings {
  return { host: env.HOST || "0.0.0.0", port: Number(env.PORT || 8080) };
}

/** Stops the service at SIGTERM or SIGINT and leaves with exit code 0. */
export function stopOnSignal(service: { stop(): Promise<void> }): void {
  const stop = () => void service.stop().then(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}
