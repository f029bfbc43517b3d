import type { TargetKindName } from "@hookline/contracts";
import { Html, html } from "./html.ts";
import { nasty } from "./nasty-samples.ts";
import { notices, samples, thread } from "./samples.ts";
import { services } from "./services/registry.ts";
import type { Sent, Service, Size } from "./services/service.ts";
import { type Bench, openTarget } from "./targets.ts";

interface Shown {
  readonly kind: TargetKindName;
  readonly service: Service;
  readonly bench: Bench;
}

const kinds = Object.entries(services).flatMap(([name]): TargetKindName[] => (isKind(name) ? [name] : []));

function isKind(name: string): name is TargetKindName {
  return Object.hasOwn(services, name);
}

/** The whole page: every kind of target with the same messages. It loads nothing and runs nothing. */
export function buildPage(styles: string): string {
  const shown = kinds.map((kind): Shown => ({ kind, service: services[kind], bench: openTarget(kind) }));
  const links = shown.map(({ kind, service }) => html`<li><a href="#${kind}">${service.title}</a></li>`);
  const { text } = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Hookline: what people receive</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><style>${new Html(styles)}</style></head><body>
<header><h1>What people receive</h1><p>The same messages in every kind of target, rendered by the code that sends them and
shown about as each service shows them. Something that would call people is shown <span class="mention">like this</span>.</p>
<nav><ul>${links}<li><a href="#nasty">Nasty texts</a></li></ul></nav></header>
<main>${shown.map(renderKind)}<section id="nasty"><h2>Nasty texts</h2>${shown.map(renderNasty)}</section></main></body></html>
`;
  return text;
}

function renderKind(shown: Shown): Html {
  const { kind, service, bench } = shown;
  const main = samples.map(({ title, document }) => renderCard(shown, title, bench.send(document)));
  const small = notices.map(({ title, document }) => renderCard(shown, title, bench.send(document)));
  return html`<section id="${kind}"><h2>${service.title}</h2><p>${service.note}</p><div class="cards">${main}</div>
${renderThread(shown)}<h3>The operator's notices</h3><div class="cards small">${small}</div></section>`;
}

function renderThread(shown: Shown): Html | undefined {
  const { bench } = shown;
  if (!bench.hasThreads) return undefined;
  const root = bench.update(thread.root, thread.latest);
  const cards = [
    ...(root === undefined ? [] : [renderCard(shown, "The day's first message, after the second", root)]),
    renderCard(shown, "The day's second message", bench.send(thread.latest, true)),
  ];
  return html`<h3>A thread</h3><div class="cards">${cards}</div>`;
}

function renderNasty(shown: Shown): Html {
  const { kind, service, bench } = shown;
  const cards = nasty.map(({ title, document }) => renderCard(shown, title, bench.send(document)));
  return html`<h3 id="nasty-${kind}">${service.title}</h3><div class="cards small">${cards}</div>`;
}

function renderCard({ kind, service }: Shown, title: string, sent: Sent): Html {
  const sizes = [...service.sizes(sent), ...toBytes(sent, service)].map(renderSize);
  return html`<figure><figcaption><b>${service.title}</b> · ${title}<div class="sizes">${sizes}</div></figcaption>
<div class="screen ${kind}">${service.render(sent)}</div>
<details><summary>Payload</summary><pre>${JSON.stringify(sent.payload, null, 2)}</pre></details></figure>`;
}

/** Where bytes are not what the service counts, they are told without a limit. */
function toBytes(sent: Sent, service: Service): Size[] {
  const isTold = service.sizes(sent).some(({ what }) => what === "bytes");
  return isTold ? [] : [{ what: "bytes", size: sent.bytes, max: Number.POSITIVE_INFINITY }];
}

const grouped = new Intl.NumberFormat("en-US");

function renderSize({ what, size, max }: Size): Html {
  const limit = Number.isFinite(max) ? ` of ${grouped.format(max)}` : "";
  return html`<span class="${size > max ? "too-large" : "size"}">${what} ${grouped.format(size)}${limit}</span> `;
}
