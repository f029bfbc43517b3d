/** `did you mean "channel"?` where one of the known words is near, else all of them. */
export function suggest(written: string, known: readonly string[]): string {
  const nearest = known
    .map((word) => ({ word, distance: countEdits(written.slice(0, 50).toLowerCase(), word.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (nearest !== undefined && nearest.distance <= Math.max(1, Math.floor(nearest.word.length / 3))) {
    return `did you mean "${nearest.word}"?`;
  }
  return known.length === 0 ? "there is none" : `known are ${known.join(", ")}`;
}

/** The characters to insert, delete or replace to make one text of the other (Levenshtein). */
function countEdits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, from] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, to] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (from === to ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
