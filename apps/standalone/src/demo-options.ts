import { parseArgs } from "node:util";

export interface DemoOptions {
  /** Whether to end after the first delivery. */
  readonly isOnce: boolean;
  readonly username: string;
  readonly repository: string;
  /** Whether to ask the real GitHub. */
  readonly isLive: boolean;
}

/** Reads `--once` and `--live owner/name`. @throws Error saying what is wrong. */
export function parseDemoOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({ args: [...args], options: { once: { type: "boolean" }, live: { type: "string" } } });
  const [username, repository, rest] = (values.live ?? "octocat/hello-world").split("/");
  if (!username || !repository || rest !== undefined)
    throw new Error("--live takes owner/name, such as octocat/hello-world");
  return { isOnce: values.once === true, username, repository, isLive: values.live !== undefined };
}
