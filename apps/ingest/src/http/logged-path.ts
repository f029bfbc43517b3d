import { type Operation, operations } from "@hookline/contracts";

/** What comes before the first parameter of a path that has a secret in it. Express tells no case. */
const SECRET_PATHS = Object.values<Operation>(operations)
  .filter(({ hasSecretPath }) => hasSecretPath === true)
  .map(({ path }) => ({ path, start: path.slice(0, path.indexOf("{")).toLowerCase() }));

/** A request's path as it may be shown: that of its operation where the path itself has a secret in it. */
export function toLoggedPath(path: string): string {
  const known = SECRET_PATHS.find(({ start }) => path.toLowerCase().startsWith(start));
  return known?.path ?? path;
}
