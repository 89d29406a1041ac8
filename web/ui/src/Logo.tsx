interface PalmMarkProps {
  /** Edge in pixels. */
  size?: number;
  className?: string;
}

/** Havana's sign: a palm in the wind, in one colour. Drawn here, so that it stands sharp at any size. */
export function PalmMark({ size = 24, className = "" }: PalmMarkProps) {
  return (
    <svg className={className} width={size} height={size} viewBox="0 0 32 32" fill="currentcolor" aria-hidden="true">
      <path d={PALM} />
    </svg>
  );
}

const PALM =
  "M17.6 11.6c-3.6-3.9-9.7-3.3-13.1 4.1 4.3-3.2 8.6-3.9 13.1-4.1ZM17.6 11.6C16.4 6 11.4 3 5.6 5c4.9.4 8.6 2.6 12 6.6Z" +
  "M17.6 11.6c.3-5.7 5-9.6 10.8-8.6-4.9 1.3-8 4-10.8 8.6ZM17.6 11.6c4.9-2.6 10.4-.2 11.9 7-3.4-4.5-7.3-6.3-11.9-7Z" +
  "M17.6 11.6c-3.5.9-6.3 4.4-5.3 9.7 1.2-4.3 2.7-7 5.3-9.7Z" +
  "M16.9 12.5c1.5 6 1 11.5-2.2 17.3h4.3c2-5.9 2-11.5-.6-17.5Z";
