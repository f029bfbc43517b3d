import { readMainSettings, stopOnSignal } from "./main-process.ts";
import { toDigestText } from "./print-digest.ts";
import { type Received, toWebhookId } from "./receiver/received.ts";
import { startReceiver } from "./receiver/receiver.ts";

const MAX_KEPT = 100;
const messages: unknown[] = [];
const seen = new Set<string>();

const receiver = await startReceiver({
  ...readMainSettings(process.env),
  secret: (process.env.WEBHOOK_SECRET ?? "").split(" ").filter(Boolean),
  onReceived: print,
  extraRoutes: { "/healthz": () => ({ status: "ok" }), "/messages": () => messages },
});
stopOnSignal(receiver);
console.log(`Inbox listening on ${receiver.url}`);

function print(request: Received): void {
  const { at, method, path, verified, verifyError, json, headers } = request;
  const id = toWebhookId(request);
  const isRepeat = id !== undefined && seen.has(id);
  if (id !== undefined) seen.add(id);
  messages.push({
    at: new Date(at).toISOString(),
    method,
    path,
    headers,
    verified,
    verifyError,
    isRepeat,
    body: json ?? null,
  });
  if (messages.length > MAX_KEPT) messages.shift();
  const signature =
    verified === null ? "signature not checked" : verified ? "signature good" : `REFUSED: ${verifyError}`;
  console.log(`\n${method} ${path} ${id ?? "without id"} (${signature}${isRepeat ? ", repeated" : ""})`);
  if (json !== undefined) console.log(toDigestText(json));
}
