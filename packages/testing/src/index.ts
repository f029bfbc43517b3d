export { startChatSimulator } from "./chat/start.ts";
export {
  type ChatFault,
  type ChatKind,
  type ChatMessage,
  type ChatPing,
  type ChatRequest,
  type ChatSimulator,
  type ChatSimulatorOptions,
  type ChatTruncation,
  chatKinds,
} from "./chat/types.ts";
export { type CollectedSpan, type Collector, startCollector } from "./collector/collector.ts";
export { seedDemo } from "./demo-seed.ts";
export { freePort } from "./free-port.ts";
export type { Fault, FaultMatcher, FaultOptions } from "./github/faults.ts";
export {
  type GenerateContributorsOptions,
  type GenerateIssuesOptions,
  generateContributors,
  generateIssues,
} from "./github/generate.ts";
export type {
  ContributorInput,
  IssueInput,
  LabelInput,
  RepositoryInput,
  UserInput,
  UserType,
} from "./github/inputs.ts";
export type { SimulatedIssue } from "./github/issue.ts";
export type { LimitInput, Resource } from "./github/rate-limits.ts";
export type { SimulatedRepository } from "./github/repository.ts";
export type { LoggedRequest } from "./github/request-log.ts";
export type { SecondaryLimitInput } from "./github/secondary-limit.ts";
export { type GithubSimulator, type GithubSimulatorOptions, startGithubSimulator } from "./github/simulator.ts";
export type { SimulatedUser } from "./github/users.ts";
export { type HostileName, hostileBehaviours } from "./hostile/behaviours.ts";
export { type Certificate, type CertificateOptions, createCertificate } from "./hostile/certificate.ts";
export { type HostileServer, type HostileServerOptions, startHostileServer } from "./hostile/server.ts";
export { createAuthority, startTlsServer, type TlsFlaw, type TlsServer, tlsFlaws } from "./hostile/tls.ts";
export type { ExtraRoutes } from "./http/extra-routes.ts";
export { type Family, lintExposition, parseExposition, type Sample } from "./metrics/exposition.ts";
export { toDigestText } from "./print-digest.ts";
export { type ProcessExit, type SpawnedNode, type SpawnNodeOptions, spawnNode } from "./process.ts";
export type { ReceiverBehaviour, Responder } from "./receiver/behaviour.ts";
export type { Received } from "./receiver/received.ts";
export { type Receiver, type ReceiverOptions, startReceiver } from "./receiver/receiver.ts";
export { startTcpProxy, type TcpProxy, type TcpProxyOptions } from "./tcp-proxy.ts";
export { type WaitUntilOptions, waitUntil } from "./wait-until.ts";
