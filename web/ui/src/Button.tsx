import { Icon, type Outline } from "./Icon";
import type { Node } from "./node";

export type ButtonLook = "primary" | "plain" | "quiet" | "danger" | "waiting";

interface ButtonProps {
  children?: Node;
  look?: ButtonLook | undefined;
  icon?: Outline | undefined;
  /** The name of a button that shows its icon only. */
  label?: string | undefined;
  /** The tooltip: more than the name, such as the key that does the same or why it is unavailable. */
  title?: string | undefined;
  type?: "button" | "submit" | undefined;
  disabled?: boolean | undefined;
  pressed?: boolean | undefined;
  /** A circle or a pill instead of the usual corners. */
  round?: boolean | undefined;
  expanded?: boolean | undefined;
  onClick?: (() => void) | undefined;
  className?: string | undefined;
}

const LOOK: Record<ButtonLook, string> = {
  primary: "bg-palm text-palm-ink enabled:hover:bg-palm-deep disabled:bg-wash disabled:text-ink-soft",
  plain: "border border-line bg-surface text-ink enabled:hover:border-ink-soft/40 enabled:hover:bg-wash disabled:text-ink-soft",
  quiet:
    "text-ink-soft enabled:hover:bg-wash enabled:hover:text-ink aria-pressed:bg-wash aria-pressed:text-ink aria-expanded:bg-wash aria-expanded:text-ink",
  danger: "border border-line bg-surface text-waiting enabled:hover:bg-waiting-soft",
  waiting: "bg-waiting text-waiting-ink enabled:hover:opacity-90 disabled:opacity-50",
};

/** Every button of every page. Forty pixels high, forty-four where fingers press it. */
export function Button({
  children,
  look = "plain",
  icon,
  label,
  title,
  type = "button",
  disabled = false,
  pressed,
  round = false,
  expanded,
  onClick,
  className = "",
}: ButtonProps) {
  const alone = children === undefined;
  const shape = alone ? "size-10 pointer-coarse:size-11" : "h-10 px-3.5 pointer-coarse:h-11";
  return (
    <button
      type={type}
      disabled={disabled}
      aria-label={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      title={title ?? (alone ? label : undefined)}
      onClick={onClick}
      className={`inline-flex shrink-0 cursor-pointer items-center justify-center gap-2 font-medium whitespace-nowrap transition-colors disabled:cursor-default ${shape} ${round ? "rounded-full" : "rounded-medium"} ${LOOK[look]} ${className}`}
    >
      {icon ? <Icon outline={icon} size={alone ? 20 : 16} /> : null}
      {children}
    </button>
  );
}
