import type { Icon } from "./Icon";

/** What a component renders to: React's or Preact's element, whichever library compiles these files. */
export type Element = ReturnType<typeof Icon>;

/** What a shared component takes as children. */
export type Node = Element | string | number | boolean | null | undefined | Node[];
