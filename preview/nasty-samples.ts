import type { BasecampDocument, Digest } from "@hookline/contracts";
import { basecampDocument, digestDocument } from "../apps/worker/test/support/documents.ts";
import type { Sample } from "./samples.ts";

const MENTIONS =
  "@everyone @here @channel @all <!channel> <!here> <@U123> <@&42> <users/all> <at>Ann</at> @**all** @*devs* @ann";

function mentioning(): BasecampDocument {
  return basecampDocument({
    recording: {
      title: `Please look: ${MENTIONS}`,
      content: `<div>${escaped(MENTIONS)}<br><strong>@everyone</strong> <em>@here</em> <a href="https://example.com/@ann">@ann</a> tg://user?id=1</div>`,
      project: "@everyone <!channel>",
    },
    creator: { name: "@here <@U123>", avatarUrl: null },
  });
}

const MARKUP = [
  "**bold** *star* _under_ __dunder__ ~strike~ ~~struck~~ ||spoiler|| `code` ``` fence # head > quote | pipe",
  '[x](javascript:alert(1)) ![i](https://example.com/i.png) <b>b</b> <script>alert(1)</script> &lt;b&gt; &amp; <img src=x onerror="alert(1)">',
  "{{DATE(2026-11-21)}} <https://example.com|label> C:\\temp\\new a_b_c :tada: $$x$$ #123 1. one",
].join(" ");

function withMarkup(): BasecampDocument {
  return basecampDocument({
    recording: {
      title: MARKUP,
      content: `<div>${escaped(MARKUP)}<br>- dash<br># hash<br>&gt; quote<br>1. one<br>---<br>/me waves</div><pre>\`\`\`${escaped(MARKUP)}</pre>
<div><a href="javascript:alert(1)">bad link</a> <a href="https://example.com/a_(b)?q=1&amp;r=%3C|x">odd *link* [x]</a> <strong> a_b * c </strong><em>x</em>y</div>`,
      project: "R&D <Lab> *1*",
    },
    creator: { name: "<b>Bobby</b> *Tables*", avatarUrl: null },
  });
}

const RTL = "שלום עולם \u202eevil\u202c مرحبا بالعالم";
const LONG = `${RTL} ${"Antidisestablishmentarianism 👩‍👩‍👧‍👦 ".repeat(140)}`.slice(0, 5000);

function longAndReversed(): Digest {
  const issues = digestDocument().issues.map((issue, index) => ({
    ...issue,
    title: index === 0 ? LONG : index === 1 ? RTL : index === 2 ? "x".repeat(5000) : issue.title,
  }));
  const opened = issues.slice(0, 3).map(({ number, title, url, author }) => ({ number, title, url, author }));
  const { changes, stats } = digestDocument();
  const more = changes && { ...changes, issues: { ...changes.issues, opened }, latestRelease: { old: RTL, new: LONG } };
  return digestDocument({ issues, stats: { ...stats, latestRelease: LONG }, changes: more });
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** What strangers may write, told to everybody. */
export const nasty: readonly Sample[] = [
  { title: "Mentions", document: mentioning() },
  { title: "HTML and Markdown", document: withMarkup() },
  { title: "Right to left, and 5,000 characters", document: longAndReversed() },
];
