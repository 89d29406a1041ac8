import { Icon, icons } from "@havana/ui";
import { useId, useState, type KeyboardEvent } from "react";

import { words } from "../words";
import { choicesFor, LONGEST, type Choice } from "./labels";

interface LabelFieldProps {
  used: readonly string[];
  own: readonly string[];
  /** Something stands above it. */
  spaced: boolean;
  onAdd: (label: string) => void;
  /** Somebody has gone elsewhere. */
  onLeave: () => void;
  onEscape: () => void;
}

/** Finds a label that is in use, or makes a new one. Stays for the next one until it is left. */
export function LabelField({ used, own, spaced, onAdd, onLeave, onEscape }: LabelFieldProps) {
  const id = useId();
  const [typed, setTyped] = useState("");
  const [pointed, setPointed] = useState(0);
  const choices = choicesFor(typed, used, own);
  const active = Math.min(pointed, choices.length - 1);
  const optionId = (index: number) => `${id}-${String(index)}`;
  const add = ({ label }: Choice) => {
    onAdd(label);
    setTyped("");
    setPointed(0);
  };
  const step = (by: 1 | -1) => { setPointed(choices.length > 0 ? (active + by + choices.length) % choices.length : 0); };
  const keys: Record<string, () => void> = {
    ArrowDown: () => { step(1); },
    ArrowUp: () => { step(-1); },
    Enter: () => { if (choices[active]) add(choices[active]); },
    Escape: onEscape,
  };
  return (
    <div className={`overflow-hidden rounded-medium border border-line bg-surface has-[input:focus-visible]:border-palm ${spaced ? "mt-2.5" : ""}`}>
      <input
        autoFocus
        role="combobox"
        aria-label={words.labels.field}
        aria-autocomplete="list"
        aria-expanded={choices.length > 0}
        aria-controls={id}
        aria-activedescendant={choices.length > 0 ? optionId(active) : undefined}
        autoComplete="off"
        dir="auto"
        maxLength={LONGEST}
        placeholder={words.labels.placeholder}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setPointed(0);
        }}
        onKeyDown={byKeys(keys)}
        onBlur={onLeave}
        className="h-10 w-full bg-transparent px-3 outline-none placeholder:text-ink-soft pointer-coarse:h-11"
      />
      <Choices id={id} optionId={optionId} choices={choices} active={active} onChoose={add} onPoint={setPointed} />
    </div>
  );
}

function byKeys(keys: Readonly<Record<string, () => void>>): (event: KeyboardEvent) => void {
  return (event) => {
    const act = keys[event.key];
    // While an input method is open, the keys are its.
    if (!act || event.nativeEvent.isComposing) return;
    event.preventDefault();
    act();
  };
}

interface ChoicesProps {
  id: string;
  optionId: (index: number) => string;
  choices: readonly Choice[];
  active: number;
  onChoose: (choice: Choice) => void;
  onPoint: (index: number) => void;
}

function Choices({ id, optionId, choices, active, onChoose, onPoint }: ChoicesProps) {
  return (
    <ul
      id={id}
      role="listbox"
      aria-label={words.labels.choices}
      // A press here must not take the focus from the field, which would close it before the press counts.
      onMouseDown={(event) => { event.preventDefault(); }}
      className={choices.length > 0 ? "border-t border-line p-1" : ""}
    >
      {choices.map((choice, index) => (
        <li
          key={choice.isNew ? "" : choice.label}
          id={optionId(index)}
          role="option"
          aria-selected={index === active}
          onClick={() => { onChoose(choice); }}
          onMouseMove={() => { onPoint(index); }}
          className={`flex min-h-9 cursor-pointer items-center gap-2 rounded-small px-2 text-[13px]/5 pointer-coarse:min-h-11 ${index === active ? "bg-wash" : ""}`}
        >
          {choice.isNew ? <Icon outline={icons.plus} /> : null}
          <span dir="auto" className="min-w-0 truncate">{choice.isNew ? words.labels.make(choice.label) : choice.label}</span>
        </li>
      ))}
    </ul>
  );
}
