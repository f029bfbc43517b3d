/** One line of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly help: string | undefined;
  readonly type: string | undefined;
  readonly samples: Sample[];
}

/** Reads Prometheus's text format, version 0.0.4. @throws Error at a line that is none. */
export function parseExposition(text: string): Family[] {
  const families = new Map<string, { name: string; help?: string; type?: string; samples: Sample[] }>();
  const open = (name: string) => {
    const family = families.get(name) ?? { name, samples: [] };
    families.set(name, family);
    return family;
  };
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const [, keyword, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === "HELP") open(name).help = rest;
    else if (keyword === "TYPE") open(name).type = rest;
    else {
      const sample = parseSample(line);
      open(toFamilyName(sample.name, families)).samples.push(sample);
    }
  }
  return [...families.values()].map(({ help, type, ...family }) => ({ ...family, help, type }));
}

function toFamilyName(name: string, families: ReadonlyMap<string, unknown>): string {
  const base = name.replace(/_(bucket|sum|count)$/, "");
  return families.has(name) || !families.has(base) ? name : base;
}

function parseSample(line: string): Sample {
  const [, name = "", labels = "", value = ""] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (name === "") throw new Error(`not a line of the text format: ${line}`);
  const pairs = [...labels.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map(([, key = "", text = ""]) => [
    key,
    text,
  ]);
  return { name, labels: Object.fromEntries(pairs), value: Number(value.replace("Inf", "Infinity")) };
}

const BASE_UNITS = /_(seconds|bytes|ratio)(_total)?$/;
const OTHER_UNITS = /_(milliseconds|ms|minutes|hours|kilobytes|megabytes|kb|mb|percent)(_|$)/;

/**
 * What of a scrape breaks Prometheus's conventions (its pages "Metric and label naming" and "Instrumentation"), one
 * sentence each; `mostValues` is how many values a label may have.
 */
export function lintExposition(text: string, mostValues: number): string[] {
  return parseExposition(text).flatMap((family) => [
    ...lintName(family),
    ...lintLabels(family, mostValues).map((problem) => `${family.name}: ${problem}`),
  ]);
}

function lintName({ name, help, type }: Family): string[] {
  const isOwn = name.startsWith("hookline_");
  const checks: [boolean, string][] = [
    [help === undefined || help === "", "has no HELP"],
    [type === undefined, "has no TYPE"],
    [name.includes(":"), "has a colon, which is for recording rules"],
    [type === "counter" && !name.endsWith("_total"), "is a counter and does not end in _total"],
    [type !== "counter" && name.endsWith("_total") && isOwn, "ends in _total and is no counter"],
    [OTHER_UNITS.test(name), "is not in a base unit"],
    [type === "histogram" && !BASE_UNITS.test(name), "is a histogram without a unit"],
  ];
  return checks.filter(([isWrong]) => isWrong).map(([, problem]) => `${name} ${problem}`);
}

function lintLabels({ samples }: Family, mostValues: number): string[] {
  const values = new Map<string, Set<string>>();
  for (const { labels } of samples) {
    for (const [label, value] of Object.entries(labels)) {
      values.set(label, (values.get(label) ?? new Set()).add(value));
    }
  }
  const crowded = [...values]
    .filter(([, set]) => set.size > mostValues)
    .map(([label]) => `too many values of ${label}`);
  const series = samples.map(({ name, labels }) => JSON.stringify([name, Object.entries(labels).sort()]));
  return new Set(series).size === series.length ? crowded : [...crowded, "a series is told twice"];
}
