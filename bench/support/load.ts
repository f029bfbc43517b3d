import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Posts of JSON bodies over kept-alive connections, each sent when the one before on its connection was answered. */
export interface Load {
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
  /** Each `[<id>]` in it becomes an id of its own. */
  readonly body: string;
}

export interface LoadResult {
  /** How long each answer of status 202 took, ms. */
  readonly latenciesMs: readonly number[];
  readonly seconds: number;
  /** CPU time that the load generator itself took, µs. */
  readonly cpuUs: number;
  /** How many answers had another status than 202. */
  readonly others: Readonly<Record<number, number>>;
  /** Connections that broke and requests that were not answered. */
  readonly errors: number;
}

export interface LoadGenerator {
  /** @throws Error when anything was answered but 202, or not at all. */
  run(load: Load): Promise<LoadResult>;
  stop(): void;
}

/** Starts the load generator, a process of its own: it serves all contenders. */
export function startLoadGenerator(): LoadGenerator {
  const child = fork(fileURLToPath(new URL("./load-process.ts", import.meta.url)), { execArgv: ["--import", "tsx"] });
  process.once("exit", () => child.kill());
  const ended = once(child, "exit").then(([code, signal]) => ({ failure: `its process ended (${code ?? signal})` }));
  return {
    async run(load) {
      child.send(load);
      const answered = once(child, "message").then(([answer]) => answer as LoadResult | Failure);
      return check(load, await Promise.race([answered, ended]));
    },
    stop: () => void child.kill(),
  };
}

interface Failure {
  readonly failure: string;
}

function check({ url }: Load, answer: LoadResult | Failure): LoadResult {
  if ("failure" in answer) throw new Error(`the load failed: ${answer.failure}`);
  const { others, errors } = answer;
  if (errors > 0) throw new Error(`${url}: ${errors} requests were not answered`);
  if (Object.keys(others).length > 0) throw new Error(`${url} answered other than 202: ${JSON.stringify(others)}`);
  return answer;
}
