/**
 * Runs every bench, one after the other, each as a process of its own, and prints one table. The whole is written to
 * `.hookline/bench.json`. Exit code 1 when a program failed; a figure that is not reached is no failure.
 *
 *   npm run bench [-- --only chain,latency] [--json]
 */
import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArguments, type Report, toText } from "./support/bench.ts";
import { selectPrograms, toTable } from "./support/summary.ts";

/** The programs in the order of the table: name (as in `npm run bench:<name>`) and file. */
const PROGRAMS: ReadonlyMap<string, string> = new Map([
  ["ingest", "ingest.ts"],
  ["worker", "worker.ts"],
  ["chain", "chain.ts"],
  ["latency", "latency.ts"],
  ["delay", "delay.ts"],
  ["redis-memory", "redis-memory.ts"],
  ["redis-capacity", "redis-capacity.ts"],
  ["github", "github-cost.ts"],
  ["process-memory", "process-memory.ts"],
  ["start", "start.ts"],
  ["politeness", "politeness.ts"],
  ["aof", "aof.ts"],
  ["clients", "delivery-clients.ts"],
]);
const RESULTS = join(".hookline", "bench.json");

const args = parseArguments(process.argv.slice(2));
const isJson = args.has("json");
const reports: Report[] = [];
const failed: string[] = [];
for (const [name, file] of selectPrograms(PROGRAMS, args.get("only"))) {
  process.stderr.write(`${name}…\n`);
  try {
    const report = await runProgram(file);
    reports.push(report);
    if (!isJson) process.stdout.write(toText(report));
  } catch (error) {
    failed.push(name);
    process.stderr.write(`${name} failed: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
const results = JSON.stringify({ at: new Date().toISOString(), reports, failed }, null, 2);
await mkdir(dirname(RESULTS), { recursive: true });
await writeFile(RESULTS, `${results}\n`);
process.stdout.write(isJson ? `${results}\n` : toTable(reports, failed));
process.exitCode = failed.length > 0 ? 1 : 0;

/** What a program reports with `--json`. @throws when it fails; what it says then is printed as it comes. */
async function runProgram(file: string): Promise<Report> {
  const path = join(import.meta.dirname, file);
  const child = spawn(process.execPath, [...process.execArgv, path, "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  if (code !== 0) throw new Error(`it ended with code ${code}`);
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Report;
}
