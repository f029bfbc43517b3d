import { spawn } from "node:child_process";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** npm and a terminal may both deliver the same signal: within this time they count as one. */
const SAME_SIGNAL_MS = 1_000;

const PARENT_POLL_MS = 200;

/**
 * Runs a program in this terminal until it ends and passes signals on to it. A Ctrl-C in a terminal reaches every
 * process of the group by itself, so it is not passed on there: the program would see it twice.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} [options] standard streams are inherited unless given
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null, output: string }>} `output` is what was piped, not inherited
 */
export function runChild(command, args, options = {}) {
  const program = command === "node" ? process.execPath : command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "inherit", ...options });
    const stopForwarding = forwardSignals(child);
    const output = collectOutput(child);
    child.once("error", (error) => {
      stopForwarding();
      reject(error);
    });
    child.once("close", (code, signal) => {
      stopForwarding();
      resolve({ code, signal, output: output() });
    });
  });
}

function forwardSignals(child) {
  const lastAt = new Map();
  const forward = (signal) => {
    const now = Date.now();
    const isRepeat = now - (lastAt.get(signal) ?? 0) < SAME_SIGNAL_MS;
    lastAt.set(signal, now);
    if (!isRepeat && !(signal === "SIGINT" && process.stdin.isTTY)) child.kill(signal);
  };
  const stopWatching = onParentLost(() => {
    if (lastAt.size === 0) forward("SIGTERM"); // else the child is ending already
  });
  for (const signal of SIGNALS) process.on(signal, forward);
  return () => {
    stopWatching();
    for (const signal of SIGNALS) process.off(signal, forward);
  };
}

/**
 * npm passes SIGTERM to the shell between us and it, which ends without telling us: what `npm start` began would stay.
 * So under npm a lost parent counts as SIGTERM. Not otherwise, for a command put in the background outlives its shell.
 */
function onParentLost(callback) {
  if (!process.env.npm_lifecycle_event) return () => {};
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, PARENT_POLL_MS);
  return () => clearInterval(timer);
}

function collectOutput(child) {
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}

/**
 * Ends this process the way the child ended: the same exit code, or the same signal.
 *
 * @param {{ code: number | null, signal: NodeJS.Signals | null }} result
 */
export function exitLike({ code, signal }) {
  if (signal) process.kill(process.pid, signal);
  else process.exit(code ?? 1);
}
