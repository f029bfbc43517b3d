// Ends a run of the long tests with one table: what became of the accepted tasks in every test, and each file's time.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const WIDTHS = { file: 30, seconds: 5, title: 74 };

export default class FaultsReporter {
  #directory = mkdtempSync(join(tmpdir(), "hookline-ledger-"));
  #file = join(this.#directory, "ledger");
  #files = new Map();

  constructor() {
    writeFileSync(this.#file, "");
    // The tests' processes are started after this one and inherit it.
    process.env.FAULTS_LEDGER = this.#file;
  }

  onTestResult(_test, { testFilePath, perfStats, numFailingTests, numPassingTests }) {
    const seconds = Math.round((perfStats.end - perfStats.start) / 1000);
    this.#files.set(basename(testFilePath), { seconds, failed: numFailingTests, passed: numPassingTests });
  }

  onRunComplete() {
    const lines = readFileSync(this.#file, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    rmSync(this.#directory, { recursive: true });
    if (lines.length === 0) return;
    const rows = [...this.#files]
      .sort(([a], [b]) => a.localeCompare(b))
      .flatMap(([name, file]) => toRows(name, file, lines));
    const head = toRow(["file", "s", "what became of the tasks"], "accepted  delivered  repeated  lost");
    process.stdout.write(`\n${[head, ...rows].join("\n")}\n\n`);
  }
}

function toRows(name, { seconds, failed, passed }, lines) {
  const own = lines.filter(({ file }) => basename(file) === name);
  const counts = failed > 0 ? `${passed} passed, ${failed} FAILED` : `${passed} passed`;
  return [
    toRow([name, String(seconds), ""], counts),
    ...own.map(({ title, figures }) =>
      toRow(["", "", title], typeof figures === "string" ? figures : toFigures(figures)),
    ),
  ];
}

function toFigures({ accepted, delivered, repeated, lost }) {
  const columns = [
    [accepted, 8],
    [delivered, 11],
    [repeated, 10],
    [lost, 6],
  ];
  return columns.map(([value, width]) => String(value).padStart(width)).join("");
}

function toRow([file, seconds, title], rest) {
  return `${file.padEnd(WIDTHS.file)} ${seconds.padStart(WIDTHS.seconds)}  ${title.padEnd(WIDTHS.title)} ${rest}`;
}
