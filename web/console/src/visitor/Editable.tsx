import type { Detail } from "@havana/protocol";
import { fullTime, Icon, icons } from "@havana/ui";
import { useEffect, useRef, useState, type ReactNode } from "react";

import { DetailField } from "./DetailField";
import { about } from "./words";

interface EditableProps {
  visitor: string;
  field: string;
  detail: Detail | undefined;
  /** What is changed, for who hears the page. */
  what: string;
  /** Shown where there is nothing yet; without it the value itself says what to show then. */
  add?: string;
  lines?: boolean;
  longest: number;
  children: (value: string) => ReactNode;
}

/** Something about the visitor that is changed where it stands: by its pencil, or where there is nothing by a word. */
export function Editable({ visitor, field, detail, what, add, lines = false, longest, children }: EditableProps) {
  const [editing, setEditing] = useState(false);
  const [saved, setSaved] = useState<{ over: string | null; detail: Detail | null } | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const returns = useRef(false);
  useEffect(() => {
    // Whoever uses the keyboard goes on where they began.
    if (!editing && returns.current) place.current?.querySelector("button")?.focus();
    returns.current = false;
  }, [editing]);

  // What we saved counts until we are told of it, or of something newer.
  const isOurs = saved !== null && (detail?.version ?? null) === saved.over;
  const shown = isOurs ? (saved.detail ?? undefined) : detail;
  if (editing) {
    return (
      <DetailField
        {...{ visitor, field, lines, longest }}
        label={about.change(what)}
        detail={shown}
        onDone={(written, returning) => {
          if (written !== undefined) setSaved({ over: detail?.version ?? null, detail: written });
          returns.current = returning;
          setEditing(false);
        }}
      />
    );
  }
  const title = shown ? about.by(shown.by ?? about.somebody, fullTime(shown.updated_at)) : undefined;
  return (
    <div ref={place} className="group relative min-w-0" title={title}>
      {shown || !add ? <div className="[overflow-wrap:anywhere] pointer-coarse:pe-11">{children(shown?.value ?? "")}</div> : null}
      <Change what={what} add={shown ? undefined : add} onClick={() => { setEditing(true); }} />
    </div>
  );
}

function Change({ what, add, onClick }: { what: string; add: string | undefined; onClick: () => void }) {
  if (add) {
    return (
      <button
        type="button"
        onClick={onClick}
        className="-my-2.5 min-h-10 cursor-pointer rounded-small text-ink-soft underline decoration-line underline-offset-4 hover:text-ink hover:decoration-current pointer-coarse:min-h-11"
      >
        {add}
      </button>
    );
  }
  return (
    // In sight when one is near it; for fingers and keys it is always there.
    <button
      type="button"
      aria-label={about.change(what)}
      title={about.change(what)}
      onClick={onClick}
      className="absolute -end-2.5 -top-2.5 flex size-10 cursor-pointer items-center justify-center rounded-medium bg-surface text-ink-soft opacity-0 group-hover:opacity-100 hover:text-ink focus-visible:opacity-100 pointer-coarse:-top-3 pointer-coarse:size-11 pointer-coarse:opacity-100"
    >
      <Icon outline={icons.pencil} />
    </button>
  );
}
