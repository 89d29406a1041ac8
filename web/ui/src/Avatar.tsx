import { Icon } from "./Icon";
import { initials } from "./initials";
import { PalmMark } from "./Logo";
import { person } from "./outlines";

export type AvatarRole = "visitor" | "assistant" | "agent" | "system";

interface AvatarProps {
  role: AvatarRole;
  name: string;
  /** Edge in pixels. */
  size?: 24 | 32 | 40 | undefined;
}

const LOOK: Record<AvatarRole, string> = {
  visitor: "bg-line text-ink",
  assistant: "bg-assistant-soft text-assistant",
  agent: "bg-person-soft text-person",
  system: "bg-line text-ink",
};

const EDGE = { 24: "size-6 text-[10px]", 32: "size-8 text-xs", 40: "size-10 text-sm" };

/** A small face: the palm for the assistant, initials for everybody else. Decoration; the name stands beside it. */
export function Avatar({ role, name, size = 32 }: AvatarProps) {
  const letters = role === "assistant" ? "" : initials(name);
  return (
    <span
      aria-hidden="true"
      className={`inline-grid shrink-0 place-items-center rounded-full font-medium select-none ${EDGE[size]} ${LOOK[role]}`}
    >
      {role === "assistant" ? (
        <PalmMark size={size === 24 ? 18 : 24} />
      ) : letters ? (
        letters
      ) : (
        <Icon outline={person} size={size === 24 ? 16 : 20} />
      )}
    </span>
  );
}

/** The palm in its green field. */
export function Logo({ size = 32, className = "" }: { size?: 32 | 40; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={`inline-grid shrink-0 place-items-center rounded-medium bg-palm text-palm-ink ${size === 40 ? "size-10" : "size-8"} ${className}`}
    >
      <PalmMark size={size === 40 ? 28 : 22} />
    </span>
  );
}
