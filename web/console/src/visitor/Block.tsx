import type { Person } from "@havana/protocol";
import { Button, icons } from "@havana/ui";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { rest } from "../shell/rest";
import { words } from "../words";

interface BlockProps {
  visitor: Person;
  name: string;
  asking: boolean;
  onAsk: (asking: boolean) => void;
  /** What the log says; the answer to our own request counts more. */
  blockedByLog: boolean;
}

/** Shuts a visitor out. Asks once, in place; can be undone. */
export function Block({ visitor, name, asking, onAsk, blockedByLog }: BlockProps) {
  const change = useMutation({
    mutationFn: async (block: boolean) => {
      await rest("POST", `/api/visitors/${encodeURIComponent(visitor.id)}/${block ? "block" : "unblock"}`, {});
      return block;
    },
    onSuccess: () => {
      onAsk(false);
    },
  });
  const blocked = change.data ?? blockedByLog;
  return (
    <div className="mt-auto flex flex-col gap-3 border-t border-line p-4">
      {change.isError ? (
        <p role="alert" className="text-waiting">
          {words.visitor.blockFailed}
        </p>
      ) : null}
      {blocked ? (
        <>
          <p className="text-ink-soft">{words.visitor.blocked}</p>
          <Button disabled={change.isPending} onClick={() => { change.mutate(false); }}>
            {words.visitor.unblock}
          </Button>
        </>
      ) : asking ? (
        <Ask name={name} busy={change.isPending} onBlock={() => { change.mutate(true); }} onCancel={() => { onAsk(false); }} />
      ) : (
        <Button look="danger" icon={icons.block} onClick={() => { onAsk(true); }}>
          {words.action.block}
        </Button>
      )}
    </div>
  );
}

interface AskProps {
  name: string;
  busy: boolean;
  onBlock: () => void;
  onCancel: () => void;
}

function Ask({ name, busy, onBlock, onCancel }: AskProps) {
  const question = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The menu that led here has closed; whoever uses the keyboard goes on at the question.
    question.current?.focus();
  }, []);
  return (
    <div ref={question} role="group" tabIndex={-1} aria-label={words.action.block} className="flex flex-col gap-3 outline-none">
      <p>{words.visitor.blockAsk(name)}</p>
      <div className="grid grid-cols-2 gap-2">
        <Button onClick={onCancel}>{words.cancel}</Button>
        <Button look="waiting" disabled={busy} onClick={onBlock}>
          {words.visitor.block}
        </Button>
      </div>
    </div>
  );
}
