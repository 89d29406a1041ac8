import { words } from "../words";
import type { Mode } from "./drafts";

/** Reply or note: two buttons of which one is pressed. */
export function ModeSwitch({ mode, onMode }: { mode: Mode; onMode: (mode: Mode) => void }) {
  return (
    <div role="group" aria-label={words.composer.mode} className="flex">
      {(["reply", "note"] as const).map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={mode === one}
          onClick={() => {
            onMode(one);
          }}
          className="h-9 cursor-pointer rounded-medium px-3 font-medium text-ink-soft hover:text-ink aria-pressed:text-ink aria-pressed:underline aria-pressed:decoration-2 aria-pressed:underline-offset-8 pointer-coarse:h-11"
        >
          {words.composer[one]}
        </button>
      ))}
    </div>
  );
}
