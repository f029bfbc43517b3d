import { type UrlTargetKind, urlTargetKinds } from "@hookline/contracts";
import { variable } from "@hookline/runtime";
import { assertNotMetadata } from "./address-policy.ts";

/** Where the targets come from: read by both apps. */
export const projectVariables = {
  WEBHOOK_URL: variable.httpUrl({ purpose: "the default target: where digests are posted" }, assertNotMetadata),
  WEBHOOK_KIND: variable.custom(
    {
      purpose: `the kind of WEBHOOK_URL: ${urlTargetKinds.join(", ")}; empty: read off its host, else webhook`,
    },
    parseKind,
  ),
  HOOKLINE_CONFIG: variable.text({ purpose: "path of the project file (YAML): more targets, and the sources" }),
};

function parseKind(value: string): UrlTargetKind | undefined {
  const kind = urlTargetKinds.find((known) => known === value);
  if (kind === undefined && value !== "") throw new Error(`must be one of ${urlTargetKinds.join(", ")}`);
  return kind;
}
