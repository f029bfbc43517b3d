import { type TargetConfig, toKindOfHost, type UrlTargetKind } from "@hookline/contracts";

export interface WebhookSettings {
  readonly WEBHOOK_URL: URL | undefined;
  readonly WEBHOOK_KIND: UrlTargetKind | undefined;
  /** `whsec_…`; ingest knows none. */
  readonly WEBHOOK_SECRET?: readonly string[];
}

/** The target that WEBHOOK_URL configures, if it is set; its kind is read off the host unless WEBHOOK_KIND says it. */
export function toDefaultTarget(settings: WebhookSettings): TargetConfig | undefined {
  const { WEBHOOK_URL, WEBHOOK_KIND, WEBHOOK_SECRET = [] } = settings;
  if (WEBHOOK_URL === undefined) return undefined;
  const kind = WEBHOOK_KIND ?? toKindOfHost(WEBHOOK_URL.hostname);
  const url = WEBHOOK_URL.href;
  if (kind !== "webhook" || WEBHOOK_SECRET.length === 0) return { kind, url };
  return { kind, url, secret: WEBHOOK_SECRET.join(" ") };
}
