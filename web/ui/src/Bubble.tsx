import type { Node } from "./node";

export type BubbleLook = "own" | "other" | "assistant" | "note";

interface BubbleProps {
  look: BubbleLook;
  /** The first bubble of a group points to who said it; their face stands beside it. */
  tail?: boolean | undefined;
  /** The side the tail is on; own words are at the end. */
  side?: "start" | "end" | undefined;
  children: Node;
}

const LOOK: Record<BubbleLook, string> = {
  own: "bg-own text-own-ink",
  other: "bg-surface text-ink border border-line",
  assistant: "bg-assistant-soft text-ink",
  note: "bg-note text-note-ink border border-note-line",
};

/** One message. Who said it and when belongs to the group around it. */
export function Bubble({ look, tail = false, side = look === "own" ? "end" : "start", children }: BubbleProps) {
  const corner = side === "end" ? "rounded-se-small" : "rounded-ss-small";
  return (
    <div className={`w-fit max-w-full rounded-large px-3.5 py-2 ${LOOK[look]} ${tail ? corner : ""}`}>{children}</div>
  );
}
