import { Icon, icons } from "@havana/ui";
import { useEffect, useState } from "react";

import { pathOf } from "../shell/route";
import { words } from "../words";

/** So long it says what became of it. */
const SAID_MS = 2000;

interface CopyLinkProps {
  conversation: string;
  seq: number;
  /** On which side of the words there is room for it. */
  side: "start" | "end";
}

/** The address of one message, to be handed to a colleague. Seen when somebody points at the message, or comes to it by keys. */
export function CopyLink({ conversation, seq, side }: CopyLinkProps) {
  const [copied, setCopied] = useState<boolean | null>(null);
  useEffect(() => {
    if (copied === null) return;
    const timer = setTimeout(() => setCopied(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.origin + pathOf({ page: "inbox", conversation, at: seq }));
      setCopied(true);
    } catch {
      // Not allowed, or the page did not come over a safe connection.
      setCopied(false);
    }
  };
  const said = copied === null ? words.message.copyLink : copied ? words.message.linkCopied : words.message.linkNotCopied;
  return (
    <>
      <button
        type="button"
        aria-label={words.message.copyLink}
        title={said}
        onClick={() => void copy()}
        className={`absolute top-0 grid size-10 cursor-pointer place-items-center rounded-full text-ink-soft opacity-0 transition-opacity group-hover/speech:opacity-100 hover:bg-wash hover:text-ink focus-visible:opacity-100 ${copied === null ? "" : "opacity-100"} ${side === "start" ? "end-full" : "start-full"}`}
      >
        <Icon outline={copied === null ? icons.link : copied ? icons.check : icons.warning} />
      </button>
      {/* What is new in the thread is read out. */}
      {copied === null ? null : <span className="sr-only">{said}</span>}
    </>
  );
}
