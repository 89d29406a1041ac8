import { checkText, codePoints, type ConversationStore, type State } from "@havana/protocol";
import { useMemo } from "react";

import { useLive } from "../shell/live";
import { useStore } from "../shell/useStore";
import { explainRefusal, isMine } from "../thread/actions";
import type { Act } from "../thread/useActing";
import { words } from "../words";
import { drafts, type Mode } from "./drafts";
import { replyHint } from "./hint";
import { NotAsked, sendAnd, type Afterwards } from "./sendAnd";
import { underway } from "./underway";

export interface Composing {
  mode: Mode;
  text: string;
  /** Whether one may write here at all. */
  allowed: boolean;
  sendable: boolean;
  /** What a reply would do besides, or why there can be none. */
  hint: string | null;
  /** How many characters are too many; zero or less: none. */
  over: number;
  setMode: (mode: Mode) => void;
  write: (text: string) => void;
  send: () => void;
  /** Sends the reply and does this once it is stored; null where that cannot be promised. */
  sendAnd: ((then: Afterwards) => void) | null;
}

/** What is being written in a conversation, and what becomes of it. */
export function useComposer(id: string, store: ConversationStore, state: State, act: Act, onWriting: (writing: Mode | null) => void): Composing {
  const { client, me } = useLive();
  const limit = useStore(client.limits).text;
  const draft = useStore(useMemo(() => drafts.of(id), [id]));
  const { mode } = draft;
  const text = draft[mode];
  const reply = replyHint(state, me);
  const isNote = mode === "note";
  const allowed = isNote || reply.allowed;
  const sendable = allowed && checkText(text, limit) === null;
  const online = useStore(client.connection).status === "ready";

  const addNote = async (note: string) => {
    const stored = await act(() => underway.watch(store, store.command("note", { text: note.trim() })));
    if (!stored && drafts.of(id).getSnapshot().note === "") drafts.change(id, { note });
  };
  return {
    mode,
    text,
    allowed,
    sendable,
    hint: isNote ? null : reply.text,
    over: codePoints(text.trim()) - limit,
    setMode: (next) => drafts.change(id, { mode: next }),
    write: (next) => {
      drafts.change(id, { [mode]: next });
      onWriting(next.trim() ? mode : null);
      // Nobody should read "Ana is writing" while the assistant answers.
      if (!isNote && isMine(state, me)) store.typing();
    },
    send: () => {
      if (!sendable) return;
      drafts.change(id, { [mode]: "" });
      onWriting(null);
      if (isNote) void addNote(text);
      // A refused reply stays in the thread, with the reason and the way out; nothing is lost.
      else underway.watch(store, store.post(text)).catch(() => undefined);
    },
    sendAnd:
      sendable && online && !isNote
        ? (then) => {
            drafts.change(id, { reply: "" });
            void act(() => sendAnd(client.connection, store, text, then), (error) => explainAfterwards(then, error));
          }
        : null,
  };
}

/** What was said stands; this tells what became of the rest. */
function explainAfterwards(then: Afterwards, error: unknown): string {
  const why = error instanceof NotAsked ? words.sending[error.why] : explainRefusal(error);
  return then === "close" ? words.sending.notClosed(why) : words.sending.notHandedBack(why);
}
