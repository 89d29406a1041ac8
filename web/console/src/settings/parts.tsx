import { useId, type ReactNode } from "react";

/** Some settings that belong together. */
export function Card({ children }: { children: ReactNode }) {
  return <div className="mb-4 flex flex-col gap-4 rounded-large border border-line bg-surface p-4 md:p-5">{children}</div>;
}

/** Fields side by side, as many as there is room for. */
export function Row({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-end gap-4 [&>div]:grow [&>div]:basis-32">{children}</div>;
}

interface SwitchProps {
  label: string;
  hint: string;
  on: boolean;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}

/** Something that is on or off, and holds at once. */
export function Switch({ label, hint, on, disabled = false, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div className="flex items-center gap-4">
      <div className="min-w-0 flex-1">
        <h3 id={id} className="font-medium">
          {label}
        </h3>
        <p id={`${id}-hint`} className="text-[13px]/5 text-ink-soft">
          {hint}
        </p>
      </div>
      <button
        type="button"
        role="switch"
        aria-checked={on}
        aria-labelledby={id}
        aria-describedby={`${id}-hint`}
        disabled={disabled}
        onClick={() => onChange(!on)}
        className="group grid size-10 w-13 shrink-0 cursor-pointer place-items-center rounded-medium disabled:cursor-default disabled:opacity-50 pointer-coarse:h-11"
      >
        <span className="flex h-6 w-11 items-center rounded-full border border-ink-soft/60 bg-wash px-0.5 transition-colors group-aria-checked:border-palm group-aria-checked:bg-palm">
          <span className="size-4.5 rounded-full bg-ink-soft transition-transform group-aria-checked:translate-x-5 group-aria-checked:bg-palm-ink rtl:group-aria-checked:-translate-x-5" />
        </span>
      </button>
    </div>
  );
}

/** What became of it, read out when it is said. */
export function Outcome({ text, failed = false }: { text: string; failed?: boolean }) {
  return (
    <p role={failed ? "alert" : "status"} className={`min-h-5 text-[13px]/5 ${failed ? "text-waiting" : "text-ink-soft"}`}>
      {text}
    </p>
  );
}
