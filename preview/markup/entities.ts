const NAMED: ReadonlyMap<string, string> = new Map([
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&apos;", "'"],
  ["&nbsp;", "\u00a0"],
]);

/** The character that an entity such as `&lt;` or `&#39;` stands for. */
export function decodeEntity(entity: string): string | undefined {
  const [, decimal, hexadecimal] = /^&#(?:(\d+)|x([0-9a-f]+));$/i.exec(entity) ?? [];
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? "", 16) : Number(decimal);
  if (Number.isInteger(code)) return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  return NAMED.get(entity.toLowerCase());
}

export function decodeEntities(text: string): string {
  return text.replaceAll(/&(?:[a-z]{2,8}|#\d{1,7}|#x[0-9a-f]{1,6});/gi, (entity) => decodeEntity(entity) ?? entity);
}
