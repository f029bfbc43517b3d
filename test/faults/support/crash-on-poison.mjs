// Loaded into a worker with --import: a request for a repository named "poison" throws where nothing can catch it.
import { subscribe } from "node:diagnostics_channel";

subscribe("http.client.request.start", ({ request }) => {
  if (!request.path.includes("/poison")) return;
  setImmediate(() => {
    throw new Error("poisoned");
  });
});
