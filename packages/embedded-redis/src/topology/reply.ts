import { ask } from "../resp.ts";

/**
 * Sends one command to the Redis on this local port and returns what it answers: a text, or the raw protocol of anything
 * else. @throws Error when it answers an error or nothing.
 */
export async function command(port: number, text: string): Promise<string> {
  const answer = await ask(port, `${text}\r\n`, isComplete);
  if (typeof answer === "string") throw new Error(`the Redis on port ${port} was ${answer}: ${text.slice(0, 40)}`);
  if (answer.text.startsWith("-")) throw new Error(`${answer.text.slice(1).trim()}: ${text.slice(0, 40)}`);
  return toContent(answer.text);
}

/** Nothing that is asked here answers with more than lines, or one text of a stated length. */
function isComplete(text: string): boolean {
  const length = /^\$(\d+)\r\n/.exec(text);
  if (length === null) return text.endsWith("\r\n");
  return Buffer.byteLength(text) >= length[0].length + Number(length[1]) + 2;
}

function toContent(text: string): string {
  if (text.startsWith("$")) return text.slice(text.indexOf("\n") + 1).trim();
  return /^[+:]/.test(text) ? text.slice(1).trim() : text;
}

/** One field of `INFO` or `CLUSTER INFO`. */
export function field(text: string, name: string): string | undefined {
  const start = `${name}:`;
  const line = text.split("\n").find((each) => each.startsWith(start));
  return line?.slice(start.length).trimEnd();
}
