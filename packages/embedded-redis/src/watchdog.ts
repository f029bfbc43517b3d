import { spawn } from "node:child_process";

/** What to do when our process is gone: end this process or run this command, then remove this directory. */
export interface LastWill {
  readonly processId?: number | undefined;
  readonly command?: readonly string[] | undefined;
  readonly remove?: string | undefined;
}

export interface Watchdog {
  /** Replaces the last will; `{}` leaves nothing to do. */
  guard(will: LastWill): void;
  /** Lets the watchdog end without acting. */
  dismiss(): void;
}

/**
 * Run by `node --eval`, so that it needs no file beside the sources or the build. It reads one will per line and acts on
 * the last one at the end of its standard input, which comes when our process ends, however it ends: no signal handler
 * of ours runs after SIGKILL, but the system closes our end of the pipe. SIGCONT lets a paused server hear SIGTERM.
 */
const CODE = `
const { spawnSync } = require("node:child_process");
const { rmSync } = require("node:fs");
let text = "";
const send = (id, signal) => { try { return process.kill(id, signal); } catch { return false; } };
const act = ({ processId, command, remove }) => {
  const clean = () => { if (remove) rmSync(remove, { recursive: true, force: true }); };
  if (command) spawnSync(command[0], command.slice(1));
  if (!processId) return clean();
  send(processId, "SIGCONT");
  send(processId, "SIGTERM");
  const deadline = Date.now() + 5000;
  const poll = () => {
    if (!send(processId, 0)) return clean();
    if (Date.now() < deadline) return setTimeout(poll, 50);
    send(processId, "SIGKILL");
    clean();
  };
  poll();
};
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => { text += chunk; });
process.stdin.on("end", () => act(JSON.parse(text.trim().split("\\n").at(-1) || "{}")));
`;

/** Starts a process that carries out a last will when ours ends without `dismiss()`, even by SIGKILL. */
export function startWatchdog(): Watchdog {
  // Detached: a Ctrl-C in the terminal goes to the whole process group and must not end the watchdog first.
  const child = spawn(process.execPath, ["--eval", CODE], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  const { stdin } = child;
  stdin.on("error", () => {}); // a killed watchdog can guard nothing, and that must not end us
  child.on("error", () => {});
  child.unref();
  if ("unref" in stdin && typeof stdin.unref === "function") stdin.unref();
  const guard = (will: LastWill): void => {
    if (stdin.writable) stdin.write(`${JSON.stringify(will)}\n`);
  };
  return {
    guard,
    dismiss() {
      guard({});
      stdin.end();
    },
  };
}
