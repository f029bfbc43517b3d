import { type BasecampInbox, BasecampInboxSchema } from "@hookline/contracts";
import { createCheck } from "./check-schema.ts";
import { checkSecrets, secretNames } from "./check-secrets.ts";
import type { Entry } from "./entry.ts";
import { join } from "./pointer.ts";
import type { Problems } from "./problems.ts";
import { suggest } from "./suggest.ts";

const isInbox = createCheck<BasecampInbox>(BasecampInboxSchema);

/** The inbox that an entry configures; `undefined` when it is wrong. `targets` are the names it may deliver to. */
export function checkInbox(entry: Entry, targets: readonly string[], problems: Problems): BasecampInbox | undefined {
  const { pointer, value } = entry;
  checkSecrets(entry, secretNames(BasecampInboxSchema), problems);
  if (!isInbox(value, pointer, problems)) return undefined;
  for (const [index, name] of value.deliver.entries()) {
    const at = join(join(pointer, "deliver"), index);
    if (!targets.includes(name)) problems.add(at, `is no configured target; ${suggest(name, targets)}`);
    if (value.deliver.indexOf(name) !== index) problems.add(at, "stands here a second time");
  }
  return value;
}

/** Two inboxes of one token could not be told apart. */
export function checkDistinct(inboxes: readonly (readonly [Entry, BasecampInbox])[], problems: Problems): void {
  const owners = new Map<string, string>();
  for (const [{ name, pointer }, { token }] of inboxes) {
    const owner = owners.get(token);
    if (owner !== undefined) problems.add(join(pointer, "token"), `is the token of ${owner} too`);
    owners.set(token, name);
  }
}
