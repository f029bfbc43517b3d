/** A Basecamp event as Basecamp posts it, with everything that may be left out. Ids are texts here and numbers on the wire. */
export function toBasecampEvent({
  eventId = "1",
  id = "22",
  parentId = "34",
  title = "Welcome",
  content = "<div>Hello <strong>world</strong></div>",
  kind = "message_created",
}: {
  eventId?: string;
  id?: string;
  parentId?: string;
  title?: string;
  content?: string;
  kind?: string;
} = {}): string {
  const event = {
    id: `#${eventId}#`,
    kind,
    created_at: "2026-06-08T19:00:41.933Z",
    recording: {
      id: `#${id}#`,
      status: "active",
      title,
      type: "Message",
      url: `https://3.basecampapi.com/1/buckets/58/messages/${id}.json`,
      app_url: `https://3.basecamp.com/1/buckets/58/messages/${id}`,
      parent: {
        id: `#${parentId}#`,
        title: "Message Board",
        type: "Message::Board",
        url: "https://3.basecampapi.com/1/buckets/58/message_boards/34.json",
        app_url: "https://3.basecamp.com/1/buckets/58/message_boards/34",
      },
      bucket: { id: 58, name: "The Leto Laptop", type: "Project" },
      content,
    },
    creator: { id: 65, name: "Matt Donahue", avatar_url: "https://3.basecampapi.com/people/65/avatar" },
  };
  // Digits that a number would lose stay as they are.
  return JSON.stringify(event).replaceAll(/"#(\d+)#"/g, "$1");
}
