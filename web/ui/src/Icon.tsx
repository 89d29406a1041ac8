/** A path on a 24 × 24 grid: one of outlines.ts. */
export type Outline = `M${string}`;

interface IconProps {
  outline: Outline;
  /** Edge in pixels: 16 beside text, 20 alone. */
  size?: 16 | 20 | 24 | undefined;
  /** What a screen reader says; leave it out where a word stands beside the icon. */
  label?: string | undefined;
  className?: string | undefined;
}

export function Icon({ outline, size = 16, label, className = "" }: IconProps) {
  return (
    <svg
      className={`hv-icon ${className}`}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      role={label ? "img" : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
    >
      <path d={outline} />
    </svg>
  );
}
