import type { ConversationSnapshot, ConversationStore, Summary } from "@havana/protocol";
import { Button, Icon, icons } from "@havana/ui";
import { useEffect, useRef, useState } from "react";

import { words } from "../words";
import { LabelField } from "./LabelField";
import { MOST } from "./labels";
import { useLabels } from "./useLabels";

interface LabelsProps {
  conversation: string;
  store: ConversationStore;
  snapshot: ConversationSnapshot;
  summary: Summary | undefined;
}

/** The labels of a conversation, to be added and taken away. */
export function Labels({ conversation, store, snapshot, summary }: LabelsProps) {
  const { labels, used, problem, change } = useLabels(conversation, store, snapshot, summary);
  const [adding, setAdding] = useState(false);
  const button = useRef<HTMLSpanElement>(null);
  const escaped = useRef(false);
  useEffect(() => {
    // Whoever uses the keyboard goes on where they began.
    if (!adding && escaped.current) button.current?.querySelector("button")?.focus();
    escaped.current = false;
  }, [adding]);
  return (
    <>
      {adding && labels.length === 0 ? null : (
        <ul className="-my-1.5 flex flex-wrap items-center gap-x-1.5">
          {labels.map((label) => (
            <Chip key={label} label={label} onRemove={() => { change(labels.filter((one) => one !== label)); }} />
          ))}
          {adding ? null : (
            <li>
              <span ref={button}>
                <AddButton isFull={labels.length >= MOST} onAdd={() => { setAdding(true); }} />
              </span>
            </li>
          )}
        </ul>
      )}
      {adding ? (
        <LabelField
          used={used}
          own={labels}
          spaced={labels.length > 0}
          onAdd={(label) => { change([...labels, label]); }}
          onLeave={() => { setAdding(false); }}
          onEscape={() => {
            escaped.current = true;
            setAdding(false);
          }}
        />
      ) : null}
      {problem === null ? null : (
        <p role="alert" className="mt-1 text-[13px]/5 text-waiting">
          {problem}
        </p>
      )}
    </>
  );
}

function AddButton({ isFull, onAdd }: { isFull: boolean; onAdd: () => void }) {
  return (
    <Button
      look="quiet"
      icon={icons.plus}
      className="-ms-3.5 text-[13px]"
      disabled={isFull}
      title={isFull ? words.labels.full : undefined}
      onClick={onAdd}
    >
      {words.labels.add}
    </Button>
  );
}

/** Looks as high as its text needs, and can be hit as every button. */
function Chip({ label, onRemove }: { label: string; onRemove: () => void }) {
  return (
    <li className="relative isolate flex h-10 max-w-full items-center ps-2.5 text-[13px]/5 before:absolute before:inset-x-0 before:inset-y-1.5 before:-z-10 before:rounded-full before:bg-wash pointer-coarse:h-11">
      <bdi className="min-w-0 truncate">{label}</bdi>
      <button
        type="button"
        aria-label={words.labels.remove(label)}
        title={words.labels.remove(label)}
        onClick={onRemove}
        className="grid h-10 w-8 shrink-0 cursor-pointer place-items-center rounded-full text-ink-soft hover:text-ink pointer-coarse:size-11"
      >
        <Icon outline={icons.close} size={16} />
      </button>
    </li>
  );
}
