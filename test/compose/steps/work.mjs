import { equal, ok } from "node:assert/strict";
import { toPaths } from "../inbox.mjs";
import { countEvents } from "../stack.mjs";

export async function taskBecomesSignedDigest({ api, inbox }) {
  const postedAt = Date.now();
  const { status, body } = await api.postTask();
  const acceptedMs = Date.now() - postedAt;
  equal(status, 202);
  await inbox.untilReceived(["/"]);
  const message = inbox.newest("/");
  equal(message.body.type, "repository.digest");
  equal(`${message.body.user}/${message.body.repository}`, "octocat/hello-world");
  ok(message.body.issues.length > 0 && message.body.contributors.length > 0, "the digest is empty");
  await api.untilDelivered([body.id]);
  equal(await inbox.postUnsigned(), 401, "the inbox does not check signatures");
  return `202 after ${acceptedMs} ms, at the inbox ${Date.parse(message.at) - postedAt} ms after the request (250 of them asked for)`;
}

export async function replicasShareTheWork(stack) {
  const workers = await stack.running("worker");
  const before = await countEvents(workers, "delivery.attempted");
  const paths = toPaths("shared", 30);
  const ids = await stack.api.postMany(paths);
  await stack.inbox.untilReceived(paths);
  await stack.api.untilDelivered(ids);
  const after = await countEvents(workers, "delivery.attempted");
  const deliveries = workers.map((id) => after.get(id) - before.get(id));
  ok(deliveries.filter((count) => count > 0).length > 1, `one replica did it all: ${deliveries.join(", ")}`);
  return `deliveries by replica: ${deliveries.join(", ")}`;
}
