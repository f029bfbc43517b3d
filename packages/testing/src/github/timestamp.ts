/** Where generated histories begin. */
export const HISTORY_START_MS = Date.parse("2024-01-01T00:00:00Z");

/** ISO 8601 in whole seconds, as GitHub writes moments. */
export function toTimestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");
}
