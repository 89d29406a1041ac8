import type { Summary } from "@havana/protocol";
import { useEffect, useRef } from "react";

import { words } from "../words";
import { look, nextLook, silent } from "./alarm";
import { playTone } from "./tone";

/** Announces whoever waits, by sound and in the tab's title, until somebody claims them. */
export function useAlarm(waiting: readonly Summary[], muted: boolean): void {
  const queue = waiting.map((summary) => summary.conversation);
  useTitle(queue.length);
  useTone(queue.join("\n"), muted);
}

function useTitle(count: number): void {
  useEffect(() => {
    document.title = count > 0 ? words.titleWaiting(count) : words.title;
    return () => {
      document.title = words.title;
    };
  }, [count]);
}

/** `queue` is the ids, one a line: text, so that an equal queue is no change. */
function useTone(queue: string, muted: boolean): void {
  const alarm = useRef(silent);
  useEffect(() => {
    const ids = queue ? queue.split("\n") : [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const check = () => {
      const now = Date.now();
      const seen = look(alarm.current, ids, now, muted);
      alarm.current = seen.alarm;
      if (seen.ring) void playTone();
      const wait = nextLook(seen.alarm, now);
      if (wait !== null) timer = setTimeout(check, wait);
    };
    check();
    return () => {
      clearTimeout(timer);
    };
  }, [queue, muted]);
}
