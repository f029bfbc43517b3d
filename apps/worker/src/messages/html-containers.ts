import type { Block, RichText } from "./rich-text.ts";

/** Ends what was begun. */
export type End = () => void;

/** What blocks stand in: the page, quotes, lists and their items. What is begun is ended in the reverse order. */
export interface Containers {
  add(block: Block): void;
  quote(): End;
  list(isOrdered: boolean): End;
  item(): End;
  toRichText(): RichText;
}

/** Quotes and lists deeper than this are told as if they were not nested. */
const DEEPEST = 10;

type Container =
  | { readonly type: "blocks"; readonly blocks: Block[] }
  | { readonly type: "list"; readonly items: Block[][] };

const nothing: End = () => {};

export function createContainers(): Containers {
  const root: Block[] = [];
  const open: Container[] = [{ type: "blocks", blocks: root }];

  const add = (block: Block) => addTo(open.at(-1), block);

  const begin = (container: Container, end: End): End => {
    open.push(container);
    return () => {
      open.pop();
      end();
    };
  };

  return {
    add,
    quote() {
      if (open.length > DEEPEST) return nothing;
      const children: Block[] = [];
      return begin({ type: "blocks", blocks: children }, () => {
        if (children.length > 0) add({ type: "quote", children });
      });
    },
    list(isOrdered) {
      if (open.length > DEEPEST) return nothing;
      const items: Block[][] = [];
      return begin({ type: "list", items }, () => {
        if (items.length > 0) add({ type: "list", isOrdered, items });
      });
    },
    item() {
      const list = open.at(-1);
      if (list?.type !== "list") return nothing;
      const blocks: Block[] = [];
      return begin({ type: "blocks", blocks }, () => {
        if (blocks.length > 0) list.items.push(blocks);
      });
    },
    toRichText: () => root,
  };
}

function addTo(container: Container | undefined, block: Block): void {
  if (container?.type === "blocks") container.blocks.push(block);
  // A block between two items belongs to the first of them.
  else if (container?.items.length === 0) container.items.push([block]);
  else container?.items.at(-1)?.push(block);
}
