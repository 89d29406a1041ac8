import { clockTime, fullTime } from "@havana/ui";

/** When it was, in short; a pointer that rests on it reads the day too. */
export function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={fullTime(at)}>
      {clockTime(at)}
    </time>
  );
}
