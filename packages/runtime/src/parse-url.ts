/**
 * A text as a URL, `undefined` when it is none. In place of `URL.canParse`, which Node 20 compiles, once it is called
 * often, to code that says no to every text with `ü` or another character of Latin-1 in it.
 */
export function parseUrl(text: string, base?: string | URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
