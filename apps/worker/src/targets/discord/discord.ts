import { toJsonRequest } from "../json.ts";
import type { Message, Outgoing, Place, TargetKind } from "../target.ts";
import { readDiscordAnswer } from "./answer.ts";
import { renderDiscord, toThreadName } from "./render.ts";

/** Discord: a webhook of a text channel, of one of its threads, or of a forum, in which each thread is a post. */
export const discordKind: TargetKind<"discord"> = {
  kind: "discord",
  // Five requests in two seconds by the headers, 30 messages a minute by experience: 2 s keeps within both.
  defaults: { intervalMs: 2000, maxInFlight: 1 },
  create({ url, threadId, forum = false, headers }, { name, isFromRequest, limits }) {
    if (forum && threadId !== undefined) throw new Error("discord takes threadId or forum, not both");
    const base = { name, kind: "discord", isFromRequest, limits, read: readFor(forum) } as const;
    const post = (message: Message, thread: { id?: string | undefined; name?: string }) => {
      const payload = { ...renderDiscord(message), ...(thread.name !== undefined && { thread_name: thread.name }) };
      return toJsonRequest({ url: toPostUrl(url, thread.id), payload, configured: headers });
    };
    if (!forum) return { ...base, threading: "none", toRequest: ({ message }) => post(message, { id: threadId }) };
    return {
      ...base,
      threading: "rooted",
      toRequest: (outgoing, { place }) => post(outgoing.message, toPost(outgoing, place)),
      toRootUpdate: (root, latest, ref) => {
        const payload = renderDiscord(root.message, latest.message);
        return toJsonRequest({ method: "PATCH", url: toEditUrl(url, ref), payload, configured: headers });
      },
    };
  },
};

function readFor(isForum: boolean) {
  return (answer: Parameters<typeof readDiscordAnswer>[0]) => readDiscordAnswer(answer, isForum);
}

/** A forum takes nothing outside of its posts: what has no thread becomes a post of its own. */
function toPost({ message: { title, thread }, day }: Outgoing, place: Place): { id: string } | { name: string } {
  if (place.role === "reply") return { id: place.ref };
  const isThread = place.role === "root" && thread !== undefined;
  return { name: isThread ? toThreadName(thread.label, day) : toThreadName(title) };
}

/** With `wait`, Discord answers when the message is there, and tells its ids. */
function toPostUrl(webhook: string, threadId: string | undefined): URL {
  const url = new URL(webhook);
  url.searchParams.set("wait", "true");
  if (threadId !== undefined) url.searchParams.set("thread_id", threadId);
  return url;
}

/** The first message of a forum's post has the id of the post. */
function toEditUrl(webhook: string, ref: string): URL {
  const url = new URL(webhook);
  url.pathname = `${url.pathname.replace(/(?<!\/)\/+$/, "")}/messages/${encodeURIComponent(ref)}`;
  url.searchParams.set("thread_id", ref);
  return url;
}
