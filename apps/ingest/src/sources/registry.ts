import { basecamp } from "./basecamp/receive.ts";
import type { Source } from "./source.ts";

/** Every source. */
export const sources = { basecamp } as const satisfies Record<string, Source>;
