import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export type AppName = "ingest" | "worker";

/** A process of one of the two apps. */
export interface AppProcess {
  readonly name: AppName;
  /** Settles when the process ends, with its exit code (`null` after a signal). */
  readonly exited: Promise<number | null>;
  /** Asks the process to finish its work and end; resolves when it has. */
  stop(): Promise<void>;
}

/** Starts an app as a process of its own, with exactly this environment; its log lines go to our output. */
export function startApp(name: AppName, env: NodeJS.ProcessEnv): AppProcess {
  const child = spawn(process.execPath, toArguments(name, env.HOOKLINE_DEV === "1"), {
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { name, exited, stop: () => stop(child, exited) };
}

/** Development runs the sources and starts again when one changes; otherwise the build is run. */
function toArguments(name: AppName, isDevelopment: boolean): string[] {
  const path = (folder: string, file: string) =>
    fileURLToPath(new URL(`../../${name}/${folder}/${file}`, import.meta.url));
  if (!isDevelopment) return [path("dist", "main.js")];
  return [
    "--watch",
    "--watch-preserve-output",
    "--import",
    "tsx",
    "--conditions=@hookline/source",
    path("src", "main.ts"),
  ];
}

async function stop(child: ChildProcess, exited: Promise<number | null>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
  await exited;
}
