import type { ContextPush, Item } from "@havana/protocol";

/** What the team calls the visitor; empty if nobody has said. */
export function givenName(known: Pick<ContextPush, "details"> | null): string {
  return known?.details.find(({ field }) => field === "name")?.value ?? "";
}

/** The items with the visitor by the name that the team knows them by. The log has the one that they came with. */
export function calling<T extends Pick<Item, "author">>(items: readonly T[], name: string): readonly T[] {
  if (items.every(({ author }) => author.role !== "visitor" || author.name === name)) return items;
  return items.map((item) => {
    if (item.author.role !== "visitor") return item;
    const author = { ...item.author, name };
    return "change" in item ? { ...item, author, change: { ...(item.change as object), author } } : { ...item, author };
  });
}
