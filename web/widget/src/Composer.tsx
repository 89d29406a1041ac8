import { checkText, codePoints } from "@havana/protocol";
import { Icon, icons } from "@havana/ui";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

import { words } from "./words";

/** So near to the limit the length is told. */
const COUNT_LAST = 500;
const HIGHEST = 200;

interface ComposerProps {
  text: string;
  /** In code points. */
  limit: number;
  onText: (text: string) => void;
  onSend: (text: string) => void;
}

/** One rounded field that grows with what is written. Enter sends, Shift and Enter begin a new line. */
export function Composer({ text, limit, onText, onSend }: ComposerProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const problem = checkText(text, limit);
  useGrowing(field, text);
  useLayoutEffect(() => {
    // On a touch screen the keyboard would cover the greeting.
    if (matchMedia("(pointer: fine)").matches) toComposer();
  }, []);
  const send = () => {
    if (problem === null) onSend(text);
    toComposer();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="flex items-end rounded-large border border-line bg-surface p-1 shadow-low transition-[border-color,box-shadow] has-[textarea:focus-visible]:border-palm has-[textarea:focus-visible]:ring-3 has-[textarea:focus-visible]:ring-palm/20">
        <textarea
          ref={field}
          rows={1}
          value={text}
          dir="auto"
          aria-label={words.write}
          aria-invalid={problem === "too_long"}
          aria-describedby="message-length"
          placeholder={words.write}
          enterkeyhint="send"
          class="min-h-11 min-w-0 flex-1 resize-none bg-transparent px-3 py-2.5 leading-6 outline-none placeholder:text-ink-soft"
          onInput={(event) => {
            onText(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            // While an input method composes, Enter chooses a word.
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <Send isReady={problem === null} />
      </div>
      <Length text={text} limit={limit} />
    </form>
  );
}

/** Puts the cursor where the next message is written: the only field of its kind on the page. */
export function toComposer(): void {
  document.querySelector("textarea")?.focus();
}

/** As high as its words, up to a point; from there on it scrolls. */
function useGrowing({ current }: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    if (!current) return;
    const grow = () => {
      current.style.height = "auto";
      current.style.height = `${String(Math.min(current.scrollHeight, HIGHEST))}px`;
      current.style.overflowY = current.scrollHeight > HIGHEST ? "auto" : "hidden";
    };
    grow();
    // Turned to its other side, a phone breaks the lines elsewhere.
    window.addEventListener("resize", grow);
    return () => {
      window.removeEventListener("resize", grow);
    };
  }, [current, text]);
}

function Send({ isReady }: { isReady: boolean }) {
  const look = isReady ? "bg-palm text-palm-ink hover:bg-palm-deep" : "cursor-default bg-sunken text-ink-soft/60";
  return (
    <button
      type="submit"
      aria-label={words.send}
      aria-disabled={!isReady}
      class={`grid size-11 shrink-0 place-items-center rounded-[12px] transition-colors ${look}`}
    >
      <Icon outline={icons.send} size={20} />
    </button>
  );
}

function Length({ text, limit }: { text: string; limit: number }) {
  const length = codePoints(text.trim());
  const isTooLong = length > limit;
  const say = isTooLong ? words.tooLong : words.count;
  return (
    <p
      id="message-length"
      role={isTooLong ? "alert" : undefined}
      class={`px-4 text-sm leading-5 tabular-nums not-empty:pt-1 ${isTooLong ? "text-waiting" : "text-ink-soft"}`}
    >
      {length < limit - COUNT_LAST ? null : say(length.toLocaleString(), limit.toLocaleString())}
    </p>
  );
}
