const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * The calendar day of a moment in a time zone: `2026-11-21`.
 *
 * @throws RangeError when `iso` is no time or `timeZone` no IANA time zone.
 */
export function toDay(iso: string, timeZone: string): string {
  const { year, month, day } = toParts(iso, timeZone);
  return `${year}-${month}-${day}`;
}

/**
 * A moment as people of a time zone read it: `2026-11-21 12:00 UTC`.
 *
 * @throws RangeError as `toDay`.
 */
export function toMinute(iso: string, timeZone: string): string {
  const { year, month, day, hour, minute, timeZoneName } = toParts(iso, timeZone);
  return `${year}-${month}-${day} ${hour}:${minute} ${timeZoneName}`;
}

function toParts(iso: string, timeZone: string): Partial<Record<Intl.DateTimeFormatPartTypes, string>> {
  const parts = toFormatter(timeZone).formatToParts(new Date(iso));
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
}

/** Making one takes a hundred times as long as using it. */
function toFormatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const formatter = new Intl.DateTimeFormat("en-US", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  });
  formatters.set(timeZone, formatter);
  return formatter;
}
