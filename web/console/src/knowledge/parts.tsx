import { Icon, type Outline } from "@havana/ui";
import type { ReactNode } from "react";

/** What stands where a list would: one thing to learn. */
export function Empty({ icon, heading, lead, children }: { icon: Outline; heading: string; lead: string; children?: ReactNode }) {
  return (
    <div className="flex flex-1 flex-col items-center justify-center p-6 text-center">
      <span className="grid size-12 place-items-center rounded-full bg-wash text-ink-soft">
        <Icon outline={icon} size={24} />
      </span>
      <h2 className="mt-4 text-base/6 font-semibold">{heading}</h2>
      <p className="mt-1 mb-6 max-w-sm text-balance text-ink-soft">{lead}</p>
      {children}
    </div>
  );
}

/** What was just done, and the way back. */
export function Notice({ text, action, onAction }: { text: string; action: string; onAction: () => void }) {
  return (
    <div role="status" className="hv-appear mb-3 flex min-h-11 items-center gap-3 rounded-medium bg-wash ps-4 pe-2">
      <p dir="auto" className="min-w-0 flex-1 truncate text-left">{text}</p>
      <button type="button" onClick={onAction} className="min-h-10 cursor-pointer rounded-small px-2 font-medium underline underline-offset-2 hover:decoration-2">
        {action}
      </button>
    </div>
  );
}

export function Failed({ text }: { text: string }) {
  return (
    <p role="alert" className="mb-3 rounded-medium bg-waiting-soft px-4 py-2.5 text-waiting">
      {text}
    </p>
  );
}

export function ListSkeleton() {
  return (
    <div aria-hidden="true" className="later flex flex-col gap-3">
      {["w-3/5", "w-2/5", "w-1/2"].map((width) => (
        <div key={width} className="flex h-24 flex-col gap-3 rounded-large border border-line bg-surface p-4">
          <div className={`h-4 rounded-small bg-wash ${width}`} />
          <div className="h-3 w-1/4 rounded-small bg-wash" />
        </div>
      ))}
    </div>
  );
}
