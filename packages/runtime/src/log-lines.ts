import { Writable } from "node:stream";

/** Where log lines go. */
export interface LogLines {
  readonly stream: Writable;
  /** Writes at once what has not been written yet. */
  flush(): void;
}

/**
 * Writes to standard output the lines of one turn of the event loop together: a write costs more than making a line.
 * What is left is written when the process exits, whatever it exits of; only a kill -9 can take a turn's lines.
 */
export function createLogLines(write: (text: string) => void = (text) => void process.stdout.write(text)): LogLines {
  let lines = "";
  const flush = () => {
    const text = lines;
    lines = "";
    if (text !== "") write(text);
  };
  const stream = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      if (lines === "") setImmediate(flush);
      lines += line;
      done();
    },
  });
  process.on("exit", flush);
  return { stream, flush };
}
