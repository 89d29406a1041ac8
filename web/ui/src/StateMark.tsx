import { words } from "./words";

export type Control = "ai" | "pending" | "human" | "closed";

const DOT: Record<Control, string> = {
  ai: "bg-assistant",
  pending: "bg-waiting",
  human: "bg-person",
  closed: "bg-ink-soft/50",
};

const WORD: Record<Control, string> = {
  ai: "text-ink-soft",
  pending: "text-waiting font-medium",
  human: "text-ink-soft",
  closed: "text-ink-soft",
};

interface StateMarkProps {
  control: Control;
  /** Says more than the state's own word, such as the name of who is in charge. */
  label?: string | undefined;
  className?: string | undefined;
}

/** Who is in charge: a dot and a word, so that colour never tells it alone. */
export function StateMark({ control, label, className = "" }: StateMarkProps) {
  return (
    <span className={`inline-flex min-w-0 items-center gap-1.5 ${WORD[control]} ${className}`} data-control={control}>
      <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${DOT[control]}`} />
      <span className="truncate">{label ?? words.control[control]}</span>
    </span>
  );
}
