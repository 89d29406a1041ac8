import { useLayoutEffect, useRef, type Ref } from "react";

import type { SlashField } from "../canned/useSlash";
import { meaningOf, type Afterwards } from "./sendAnd";

const MAX_HEIGHT = 220;

interface TextFieldProps {
  ref: Ref<HTMLTextAreaElement>;
  value: string;
  disabled: boolean;
  label: string;
  placeholder: string;
  onChange: (value: string) => void;
  onSend: (then: Afterwards | null) => void;
  slash: SlashField;
}

/** A field that grows with its words. Enter sends, Shift and Enter begins a new line. */
export function TextField({ ref, value, disabled, label, placeholder, onChange, onSend, slash }: TextFieldProps) {
  const own = useRef<HTMLTextAreaElement | null>(null);
  useLayoutEffect(() => {
    const field = own.current;
    if (!field) return;
    const grow = () => {
      field.style.height = "auto";
      field.style.height = `${String(Math.min(field.scrollHeight, MAX_HEIGHT))}px`;
    };
    grow();
    // Another width breaks the lines elsewhere.
    addEventListener("resize", grow);
    return () => {
      removeEventListener("resize", grow);
    };
  }, [value]);

  return (
    <textarea
      ref={(field) => {
        own.current = field;
        if (typeof ref === "function") ref(field);
        else if (ref) ref.current = field;
      }}
      rows={1}
      dir="auto"
      value={value}
      disabled={disabled}
      aria-label={label}
      placeholder={placeholder}
      {...slash.aria}
      onChange={(event) => {
        onChange(event.target.value);
        slash.onCaret(event);
      }}
      onSelect={slash.onCaret}
      onFocus={slash.onFocus}
      onBlur={slash.onBlur}
      onKeyDown={(event) => {
        if (slash.onKey(event)) return;
        // While an input method is open, Enter chooses a word.
        if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
        const meaning = meaningOf(event);
        if (meaning === null) return;
        event.preventDefault();
        onSend(meaning === "send" ? null : meaning);
      }}
      className="min-h-10 min-w-0 flex-1 resize-none bg-transparent px-2.5 py-2 text-[15px]/6 outline-none placeholder:text-ink-soft disabled:cursor-not-allowed"
    />
  );
}
