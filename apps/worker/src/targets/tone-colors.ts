import type { Status } from "./target.ts";

/** What a status looks like beside an attachment: quiet where nothing happened, readable on light and dark. */
export const toneColors: Readonly<Record<Status["tone"], string>> = {
  good: "#2da44e",
  news: "#1f75cb",
  quiet: "#8b949e",
  warning: "#d29922",
  bad: "#cf222e",
};
