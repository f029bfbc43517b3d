/** A selector of a PromQL expression: a metric and what its labels must be. */
export interface Selector {
  readonly name: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

const WORDS = new Set(
  [
    "sum min max avg count rate increase histogram_quantile absent time by without on ignoring and or unless",
    "group_left group_right label_values le inf",
  ].flatMap((line) => line.split(" ")),
);

/** What an expression asks for, and which labels it groups and joins by. Numbers, texts and functions are left out. */
export function readPromql(expression: string): { selectors: Selector[]; grouping: string[] } {
  const groups = [...expression.matchAll(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g)];
  const grouping = groups.flatMap(([, labels = ""]) => labels.split(",").map((label) => label.trim()));
  const rest = expression.replace(/\b(?:by|without|on|ignoring)\s*\([^)]*\)/g, " ").replace(/\[[^\]]*\]/g, " ");
  const found = [...rest.matchAll(/([a-zA-Z_:][\w:]*)\s*(?:\{([^}]*)\})?/g)];
  const selectors = found
    .filter(([, name = "", ,]) => !WORDS.has(name.toLowerCase()) && !/^e\d*$/.test(name))
    .map(([, name = "", matchers = ""]) => ({ name, matchers: readMatchers(matchers) }));
  return { selectors, grouping };
}

function readMatchers(text: string): Selector["matchers"] {
  return [...text.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)].map(([, label = "", operator = "", value = ""]) => ({
    label,
    operator,
    value,
  }));
}
