export {
  type AddressPolicy,
  assertNotMetadata,
  configuredPolicy,
  parseAllowedNetworks,
  refusal,
} from "./address-policy.ts";
export { toDefaultTarget, type WebhookSettings } from "./default-target.ts";
export { type LoadOptions, loadProject, readProject } from "./load-project.ts";
export { ProjectError } from "./problems.ts";
export { emptyProject, type Project } from "./project.ts";
export { projectVariables } from "./variables.ts";
