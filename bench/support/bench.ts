import { arch, cpus, platform } from "node:os";

/** One line of the table: what was measured, beside what it is compared with. */
export interface Row {
  readonly what: string;
  /** The median, with the least and the greatest of the runs. */
  readonly value: Figure;
  readonly unit: string;
  /** The same quantity of the baseline, measured in the same run. */
  readonly baseline?: Figure;
  /** Medians of the runs' own ratios, value by baseline. */
  readonly ratio?: Figure;
  /** What is to be reached, in words; empty where a row only informs. */
  readonly reach: string;
  readonly isReached?: boolean;
}

export interface Figure {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

export interface BenchOptions {
  /** How often everything is measured, the baseline alternating with the thing itself. */
  readonly runs: number;
  readonly arguments: ReadonlyMap<string, string>;
}

export interface Bench {
  /** The name of the npm script behind `bench:`. */
  readonly name: string;
  readonly title: string;
  readonly runs?: number;
  measure(options: BenchOptions): Promise<readonly Row[]>;
}

export interface Report {
  readonly name: string;
  readonly title: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly system: string; readonly node: string };
  readonly runs: number;
  readonly seconds: number;
  readonly rows: readonly Row[];
}

const DEFAULT_RUNS = 5;

/** Measures and prints: a table, or with `--json` one JSON document. `--runs N` says how often; exit code 0 either way. */
export async function runBench(bench: Bench, argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  const args = parseArguments(argv);
  const runs = Number(args.get("runs") ?? bench.runs ?? DEFAULT_RUNS);
  if (!Number.isInteger(runs) || runs < 1) throw new Error("--runs must be a whole number of at least 1");
  const startedAt = performance.now();
  const rows = await bench.measure({ runs, arguments: args });
  const report: Report = {
    name: bench.name,
    title: bench.title,
    machine: {
      cpu: cpus()[0]?.model.trim() ?? "unknown",
      cores: cpus().length,
      system: `${platform()} ${arch()}`,
      node: process.version,
    },
    runs,
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
    rows,
  };
  process.stdout.write(args.has("json") ? `${JSON.stringify(report)}\n` : toText(report));
}

/** `--name value` and `--name` alone. */
export function parseArguments(argv: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  argv.forEach((argument, index) => {
    if (!argument.startsWith("--")) return;
    const next = argv[index + 1];
    found.set(argument.slice(2), next === undefined || next.startsWith("--") ? "" : next);
  });
  return found;
}

/** The median of some runs' figures, with the spread. @throws RangeError without any. */
export function toFigure(values: readonly number[]): Figure {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [least, greatest, upper] = [sorted[0], sorted.at(-1), sorted[middle]];
  if (least === undefined || greatest === undefined || upper === undefined) throw new RangeError("no runs");
  const median = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
  return { median, least, greatest };
}

/** The ratio of each run's value to its own baseline: what both suffered from in the same moment cancels out. */
export function toRatio(values: readonly number[], baselines: readonly number[]): Figure {
  return toFigure(values.map((value, index) => value / (baselines[index] ?? Number.NaN)));
}

/** The p-th quantile (0 to 1) of the values, by nearest rank. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))] ?? Number.NaN;
}

const HEADERS = ["what", "value", "baseline", "ratio", "to reach", ""];

/** A report for people. */
export function toText({ title, machine, runs, seconds, rows }: Report): string {
  const where = `${machine.cores} cores (${machine.cpu}), ${machine.system}, Node ${machine.node}`;
  const times = runs === 1 ? "1 run" : `${runs} runs`;
  return `\n${title}\n${toColumns(rows)}\n${times}, ${seconds} s; median (least–greatest); ${where}\n`;
}

/** Rows below their headers, without a line break at the end. */
export function toColumns(rows: readonly Row[]): string {
  const lines = [HEADERS, ...rows.map(toCells)];
  const widths = HEADERS.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const text = lines.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return text.join("\n");
}

function toCells({ what, value, unit, baseline, ratio, reach, isReached }: Row): string[] {
  const verdict = isReached === undefined ? "" : isReached ? "reached" : "NOT REACHED";
  return [
    what,
    `${show(value)} ${unit}`.trim(),
    baseline === undefined ? "–" : `${show(baseline)} ${unit}`.trim(),
    ratio === undefined ? "–" : `${show(ratio)} ×`,
    reach === "" ? "–" : reach,
    verdict,
  ];
}

function show({ median, least, greatest }: Figure): string {
  if (least === greatest) return round(median);
  return `${round(median)} (${round(least)}–${round(greatest)})`;
}

function round(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(size >= 1 ? 3 : 2)));
}
