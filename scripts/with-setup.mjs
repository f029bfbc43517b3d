// node scripts/with-setup.mjs [--build] <command> [args…]
// Runs a command on a clone in any state: installs the dependencies when they are missing or old, builds when asked to.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { exitLike, runChild } from "./run-child.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LOCK = join(ROOT, "package-lock.json");
const MODULES = join(ROOT, "node_modules");
const STAMP = join(MODULES, ".hookline-lock-hash");
const MINIMUM_NODE = [20, 19];

requireNode();
const args = process.argv.slice(2);
const isBuild = args[0] === "--build";
const [command, ...commandArgs] = isBuild ? args.slice(1) : args;
if (!command) fail("Usage: node scripts/with-setup.mjs [--build] <command> [args…]");

if (!isInstalled()) await install();
if (isBuild) await step("Building…", "node", [join("node_modules", "typescript", "bin", "tsc"), "-b"]);
exitLike(await runChild(command, commandArgs).catch((error) => fail(`${command} could not be run: ${error.message}`)));

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [minimumMajor, minimumMinor] = MINIMUM_NODE;
  if (major > minimumMajor || (major === minimumMajor && minor >= minimumMinor)) return;
  fail(
    `Hookline needs Node.js ${MINIMUM_NODE.join(".")} or newer; this is ${process.versions.node} (https://nodejs.org).`,
  );
}

/** The stamp tells; without one, an installation by hand counts when it is not older than the lock file. */
function isInstalled() {
  if (existsSync(STAMP)) return readFileSync(STAMP, "utf8") === lockHash();
  const installed = join(MODULES, ".package-lock.json");
  if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(LOCK).mtimeMs) return false;
  writeFileSync(STAMP, lockHash());
  return true;
}

/** `--include=dev`: with NODE_ENV=production npm would leave out the compiler. */
async function install() {
  const npm = ["ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"];
  const cli = process.env.npm_execpath;
  if (cli && /\.c?js$/.test(cli)) await step("Installing dependencies…", "node", [cli, ...npm]);
  else await step("Installing dependencies…", "npm", npm, { shell: process.platform === "win32" });
  writeFileSync(STAMP, lockHash());
}

function lockHash() {
  return createHash("sha256").update(readFileSync(LOCK)).digest("hex");
}

/** One line for a step that succeeds; everything it printed for one that fails. On standard error: not the command's output. */
async function step(title, program, programArgs, options = {}) {
  const startedAt = Date.now();
  process.stderr.write(title);
  const settings = { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"], ...options };
  const result = await runChild(program, programArgs, settings).catch((error) => fail(` failed: ${error.message}`));
  if (result.code === 0) {
    process.stderr.write(` ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
    return;
  }
  process.stderr.write(` failed\n${result.output}`);
  exitLike(result);
  await new Promise(() => {}); // a signal sent to oneself takes a moment to arrive
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
