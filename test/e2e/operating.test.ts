import { readFile } from "node:fs/promises";
import { operations } from "@hookline/contracts";
import { ingestVariables } from "@hookline/ingest";
import { type Family, lintExposition, parseExposition } from "@hookline/testing";
import { workerVariables } from "@hookline/worker";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { OCTOCAT } from "./support/digests.ts";
import { readPromql, type Selector } from "./support/promql.ts";
import { type Stack, startStack } from "./support/stack.ts";

const read = (name: string) => readFile(new URL(`../../${name}`, import.meta.url), "utf8");

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const rules = (parse(await read("deploy/prometheus/rules.yml")) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const alerts = rules.filter(({ alert }) => alert !== undefined);
const runbook = await read("docs/runbook.md");

const dashboard = JSON.parse(await read("deploy/grafana/hookline.json")) as {
  panels: {
    title: string;
    type: string;
    fieldConfig?: { defaults: { unit?: string } };
    targets?: { expr: string }[];
  }[];
};
const panels = dashboard.panels.filter(({ type }) => type !== "row");
const expressions = [
  ...rules.map(({ expr }) => expr),
  ...panels.flatMap(({ targets = [] }) => targets.map((t) => t.expr)),
];

/** What Prometheus adds by itself. */
const JOBS = ["hookline-ingest", "hookline-worker"];
const BUILT_IN = new Map<string, Map<string, Set<string>>>([["up", new Map()]]);

/** The names of series with their labels and the labels' values, of all scrapes together. */
function toSeries(families: readonly Family[]): Map<string, Map<string, Set<string>>> {
  const series = new Map(BUILT_IN);
  for (const { name, samples } of families) {
    if (samples.length === 0) series.set(name, series.get(name) ?? new Map());
    for (const sample of samples) {
      const labels = series.get(sample.name) ?? new Map<string, Set<string>>();
      series.set(sample.name, labels);
      for (const [label, value] of Object.entries(sample.labels)) {
        labels.set(label, (labels.get(label) ?? new Set()).add(value));
      }
    }
  }
  return series;
}

describe("what an operator is given", () => {
  let stack: Stack;
  let texts: string[];
  let series: ReturnType<typeof toSeries>;

  beforeAll(async () => {
    stack = await startStack();
    stack.github.addRepository({ owner: "octocat", name: "hello-world", issues: [{ title: "First" }] });
    const { id } = await stack.post(OCTOCAT);
    await stack.untilStatus(id, "delivered");
    const [worker] = stack.workers;
    const port = (await worker?.waitForLine(/"event":"worker.started","port":(\d+)/))?.[1];
    const scrape = async (url: string) => (await fetch(url)).text();
    // Its own answer is counted at the end of the first scrape.
    await scrape(`${stack.address}/metrics`);
    texts = await Promise.all([scrape(`${stack.address}/metrics`), scrape(`http://127.0.0.1:${port}/metrics`)]);
    series = toSeries(texts.flatMap(parseExposition));
    for (const { record, expr } of rules) {
      const labels = readPromql(expr).grouping.map((label) => [label, new Set<string>()] as const);
      if (record !== undefined) series.set(record, new Map(labels));
    }
  });
  afterAll(() => stack.stop());

  const toProblems = ({ name, matchers }: Selector): string[] => {
    const labels = series.get(name);
    if (labels === undefined) return [`no app prints ${name}`];
    return matchers.flatMap(({ label, operator, value }) => {
      if (value.startsWith("$")) return labels.has(label) ? [] : [`${name} has no label ${label}`];
      const values = operator.includes("~") ? value.split("|") : [value];
      const known = label === "job" ? new Set(JOBS) : labels.get(label);
      return values
        .filter((each) => known?.has(each) !== true)
        .map((each) => `${name}{${label}="${each}"} is not printed`);
    });
  };

  it("has scrapes that keep to Prometheus's conventions", () => {
    for (const text of texts) expect(lintExposition(text, 50)).toEqual([]);
  });

  it("asks for no name, label or value that is not really printed", () => {
    const selectors = expressions.flatMap((expression) => readPromql(expression).selectors);
    expect(selectors.length).toBeGreaterThan(50);
    expect(selectors.flatMap(toProblems)).toEqual([]);
  });

  it("groups and joins by labels that the metrics have", () => {
    const problems = expressions.flatMap((expression) => {
      const { selectors, grouping } = readPromql(expression);
      const known = new Set([
        "job",
        "instance",
        ...selectors.flatMap(({ name }) => [...(series.get(name)?.keys() ?? [])]),
      ]);
      return grouping.filter((label) => !known.has(label)).map((label) => `${label} in ${expression}`);
    });
    expect(problems).toEqual([]);
  });

  it("notices what is not printed", () => {
    const { selectors } = readPromql(
      'sum by (kind) (rate(hookline_tasks_total{outcome="fail",color=~"red"}[5m])) / hookline_no',
    );
    expect(selectors.flatMap(toProblems)).toEqual([
      'hookline_tasks_total{outcome="fail"} is not printed',
      'hookline_tasks_total{color="red"} is not printed',
      "no app prints hookline_no",
    ]);
  });

  it("has panels with a unit and something to show", () => {
    expect(panels.length).toBeGreaterThan(20);
    for (const { fieldConfig, targets } of panels) {
      expect(fieldConfig?.defaults.unit).toEqual(expect.any(String));
      expect(targets?.length).toBeGreaterThan(0);
    }
  });

  it("has a runbook that names metrics, variables and routes which exist", () => {
    const metrics = [...runbook.matchAll(/\b((?:hookline|process|nodejs)_[a-z_]+)(\{[^}]*\})?/g)];
    expect(metrics.length).toBeGreaterThan(15);
    const isFamily = (name: string) => series.has(name) || series.has(`${name}_bucket`);
    expect(metrics.map(([, name = ""]) => name).filter((name) => !isFamily(name))).toEqual([]);
    const settings = new Set([...Object.keys({ ...ingestVariables, ...workerVariables })]);
    const named = [...runbook.matchAll(/`([A-Z][A-Z]+(?:_[A-Z]+)+)`/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !settings.has(name))).toEqual([]);
    const paths = Object.values(operations).map(({ path }) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`));
    const asked = [...runbook.matchAll(/localhost:4001(\/[^\s"?'`]*)/g)].map(([, path = ""]) => path);
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((path) => !paths.some((pattern) => pattern.test(path)))).toEqual([]);
  });
});

describe("the alarms", () => {
  const names = [...new Set(alerts.map(({ alert }) => alert ?? ""))];

  it("are ten, each with a text, a severity and a section of the runbook, and no section without an alarm", () => {
    expect(names).toHaveLength(10);
    for (const { alert = "", annotations, labels } of alerts) {
      expect(annotations?.summary).toMatch(/\w+/);
      expect(annotations?.runbook_url).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
      expect(["warning", "critical"]).toContain(labels?.severity);
    }
    const sections = [...runbook.matchAll(/^## (\w+)$/gm)].map(([, name = ""]) => name);
    expect(sections.sort()).toEqual([...names].sort());
  });

  it.each(names)("%s: the runbook tells what it means, what to look at, what to type and when it is over", (name) => {
    const section = runbook.split(`## ${name}\n`)[1]?.split("\n## ")[0] ?? "";
    expect(section).toMatch(/\*\*Means\.\*\*[\s\S]*\*\*Look\.\*\*[\s\S]*```sh[\s\S]*\*\*Over\*\*/);
  });
});
