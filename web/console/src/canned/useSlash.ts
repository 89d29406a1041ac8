import type { ConversationStore } from "@havana/protocol";
import { useId, useMemo, useState, type FocusEvent, type KeyboardEvent, type RefObject, type SyntheticEvent } from "react";

import { useLive } from "../shell/live";
import { contactsOf } from "../visitor/visitor";
import { useCannedIn, type CannedAnswer } from "./canned";
import { fill, matching, slashAt } from "./choosing";
import { insertText } from "./insertText";

/** A canned answer as it would be put in here. */
export interface Choice {
  answer: CannedAnswer;
  text: string;
}

export interface Slash {
  /** Of the list; `optionId` of what is in it. */
  listId: string;
  optionId: (index: number) => string;
  choices: readonly Choice[];
  /** The one that Enter puts in. */
  active: number;
  isOpen: boolean;
  /** Nobody has written any: the list says so once somebody looks for one. */
  isEmpty: boolean;
  choose: (choice: Choice) => void;
  point: (index: number) => void;
  close: () => void;
  /** What the field needs for it: who hears of keys first, and where a screen reader looks. */
  field: SlashField;
}

export interface SlashField {
  /** Whether the key was for the list. */
  onKey: (event: KeyboardEvent) => boolean;
  onCaret: (event: SyntheticEvent<HTMLTextAreaElement>) => void;
  onFocus: (event: FocusEvent<HTMLTextAreaElement>) => void;
  onBlur: () => void;
  aria: Readonly<Record<string, string | undefined>>;
}

const AT_ONCE = 50;

/** The canned answers that a slash in the field looks for. */
export function useSlash(id: string, store: ConversationStore, text: string, field: RefObject<HTMLTextAreaElement | null>): Slash {
  const listId = useId();
  const optionId = (index: number) => `${listId}-${String(index)}`;
  const [wanted, setWanted] = useState(false);
  const { caret, slash, dismiss, ...looking } = useSlashAtCaret(text);
  const [pointed, setPointed] = useState({ query: "", index: 0 });
  const canned = useCannedIn(id, wanted);
  const choices = useChoices(store, canned, slash?.query ?? null);

  const isHere = slash !== null && canned !== undefined;
  const isEmpty = isHere && canned.answers.length === 0 && slash.query === "";
  const isOpen = isHere && choices.length > 0;
  const active = slash !== null && pointed.query === slash.query ? Math.min(pointed.index, choices.length - 1) : 0;
  const point = (index: number) => { setPointed({ query: slash?.query ?? "", index }); };
  const choose = ({ text: chosen }: Choice) => {
    if (field.current && slash && caret !== null) insertText(field.current, slash.start, caret, chosen);
  };
  const keys: Record<string, () => void> = {
    ArrowDown: () => { point((active + 1) % choices.length); },
    ArrowUp: () => { point((active - 1 + choices.length) % choices.length); },
    Enter: () => { choose(choices[active] as Choice); },
    Tab: () => { choose(choices[active] as Choice); },
    Escape: dismiss,
  };
  return {
    listId, optionId, choices, active, isOpen, isEmpty, choose, point, close: dismiss,
    field: {
      onKey: (event) => {
        const act = isOpen || (isEmpty && event.key === "Escape") ? keys[event.key] : undefined;
        if (!act || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) return false;
        event.preventDefault();
        act();
        return true;
      },
      ...looking,
      onFocus: () => { setWanted(true); },
      aria: {
        "aria-autocomplete": "list",
        "aria-haspopup": "listbox",
        "aria-controls": isOpen ? listId : undefined,
        "aria-activedescendant": isOpen ? optionId(active) : undefined,
      },
    },
  };
}

/** What stands at the caret and was not waved away. */
function useSlashAtCaret(text: string) {
  const [caret, setCaret] = useState<number | null>(null);
  const [dismissed, setDismissed] = useState<number | null>(null);
  const found = caret === null ? null : slashAt(text, caret);
  return {
    caret,
    slash: found?.start === dismissed ? null : found,
    dismiss: () => { setDismissed(found?.start ?? null); },
    onCaret: ({ currentTarget: { selectionStart, selectionEnd, value } }: SyntheticEvent<HTMLTextAreaElement>) => {
      const at = selectionStart === selectionEnd ? selectionStart : null;
      setCaret(at);
      // Another slash at the same place is another one.
      if (at === null || slashAt(value, at) === null) setDismissed(null);
    },
    onBlur: () => { setCaret(null); },
  };
}

function useChoices(store: ConversationStore, canned: ReturnType<typeof useCannedIn>, query: string | null): readonly Choice[] {
  const { me } = useLive();
  return useMemo(() => {
    if (!canned || query === null) return [];
    const [site = ""] = Object.values(canned.sites);
    const values = { visitor: contactsOf(store.getSnapshot().events)[0]?.name ?? null, agent: me.name, site };
    return matching(canned.answers, query).slice(0, AT_ONCE).map((answer) => ({ answer, text: fill(answer.text, values) }));
  }, [store, canned, query, me.name]);
}
