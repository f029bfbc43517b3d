import type { ChatPing } from "../types.ts";
import { withoutCode } from "./without-code.ts";

// A backslash before the sign does not help: it is gone when mentions are looked for.
const MENTION = /(?<!\w)@(all|channel|here|[a-z0-9][a-z0-9._-]*)/gi;

/** `@all`, `@channel`, `@here` and `@user` outside of code. */
export function findAtMentions(text: string, where: string): ChatPing[] {
  return [...withoutCode(text).matchAll(MENTION)].map(([mention]) => ({ text: mention, where }));
}
