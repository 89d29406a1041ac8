import { words } from "./words";

/** Three dots: somebody is writing, or the assistant thinks. The one thing that loops. */
export function TypingMark({ name }: { name: string }) {
  return (
    <span role="status" className="hv-typing inline-flex h-6 items-center gap-1 text-ink-soft" aria-label={`${name} ${words.typing}`}>
      <span className="size-1.5 rounded-full bg-current" />
      <span className="size-1.5 rounded-full bg-current" />
      <span className="size-1.5 rounded-full bg-current" />
    </span>
  );
}
