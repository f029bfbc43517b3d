import { connect } from "node:net";
import { hasCode } from "./error-code.ts";

const HOST = "127.0.0.1";
const ANSWER_TIMEOUT_MS = 1_000;

/** What a server says of itself; `runId` is new at every start. */
export interface Identity {
  readonly runId: string;
  readonly processId: number;
}

/** Why there is no answer: nothing listens, or something listens and stays silent. */
export type Silence = "refused" | "silent";

/** Asks the server on this local port for PONG and its identity. A server that is still loading counts as silent. */
export async function identify(port: number): Promise<Identity | Silence> {
  const answer = await ask(port, "PING\r\nINFO server\r\n", (text) => text.includes("executable:") || /^-/m.test(text));
  if (typeof answer === "string") return answer;
  const runId = /^run_id:(\w+)/m.exec(answer.text)?.[1];
  const processId = /^process_id:(\d+)/m.exec(answer.text)?.[1];
  return answer.text.startsWith("+PONG") && runId && processId ? { runId, processId: Number(processId) } : "silent";
}

/** Asks the server on this local port to write what it has and end. */
export async function shutDown(port: number): Promise<void> {
  await ask(port, "SHUTDOWN\r\n", () => false);
}

/** Sends inline commands (the protocol's text form) and reads until `isComplete`; the time-out covers connect and answer. */
export function ask(
  port: number,
  commands: string,
  isComplete: (text: string) => boolean,
): Promise<{ text: string } | Silence> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect({ port, host: HOST });
    const finish = (answer: { text: string } | Silence): void => {
      resolve(answer);
      socket.destroy();
    };
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => finish("silent"));
    socket.on("connect", () => socket.write(commands));
    socket.on("data", (chunk) => {
      text += chunk.toString();
      if (isComplete(text)) finish({ text });
    });
    socket.on("error", (error) => finish(hasCode(error, "ECONNREFUSED") ? "refused" : "silent"));
    socket.on("close", () => finish("silent"));
  });
}
