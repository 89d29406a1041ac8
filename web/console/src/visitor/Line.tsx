import type { ReactNode } from "react";

/** Names and what stands beside them, in the pane of a visitor. */
export const LINES = "grid grid-cols-[4.75rem_1fr] gap-x-3 gap-y-2";

/** A name and what stands beside it; below it where that is long. */
export function Line({ name, long = false, children }: { name: string; long?: boolean; children: ReactNode }) {
  return (
    <div className={long ? "col-span-2" : "contents"}>
      <dt className="text-[13px]/5 text-ink-soft [overflow-wrap:anywhere]">{name}</dt>
      <dd className={`min-w-0 text-[13px]/5 [overflow-wrap:anywhere] ${long ? "mt-1" : ""}`}>{children}</dd>
    </div>
  );
}
