import { html } from "../html.ts";
import type { Service } from "./service.ts";

export const webhook: Service = {
  title: "Webhook",
  note: "The document itself, for programs.",
  render: ({ payload }) => html`<pre class="json">${JSON.stringify(payload, null, 2)}</pre>`,
  sizes: () => [],
};
