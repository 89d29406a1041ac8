import type { Summary } from "@havana/protocol";
import { useEffect, useRef, useState } from "react";

import type { Notifications } from "../profile/profile";
import { words } from "../words";
import { look, nextLook, silent } from "./alarm";
import { Announcements, openNotification } from "./desktop";
import { showIcon } from "./favicon";
import { isQuiet } from "./quiet";
import { playTone } from "./tone";

/**
 * Announces whoever waits, until somebody claims them: in the tab's title and icon, by sound, and on the desktop.
 *
 * `chosen` is null until it is known what the agent has chosen.
 */
export function useAlarm(queue: readonly Summary[], chosen: Notifications | null): void {
  useTitle(queue.length);
  useTone(chosen ? queue.map((summary) => summary.conversation).join("\n") : "", chosen);
  useDesktop(queue, chosen);
}

function useTitle(count: number): void {
  useEffect(() => {
    document.title = count > 0 ? words.titleWaiting(count) : words.title;
    showIcon(count);
    return () => {
      document.title = words.title;
      showIcon(0);
    };
  }, [count]);
}

/** `queue` is the ids, one a line: text, so that an equal queue is no change. */
function useTone(queue: string, chosen: Notifications | null): void {
  const alarm = useRef(silent);
  const latest = useRef(chosen);
  const muted = !chosen?.sound_on;
  useEffect(() => {
    latest.current = chosen;
  }, [chosen]);
  useEffect(() => {
    const ids = queue ? queue.split("\n") : [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const check = () => {
      const now = Date.now();
      const how = latest.current;
      const seen = look(alarm.current, ids, now, muted || isQuiet(how?.quiet ?? null, now));
      alarm.current = seen.alarm;
      if (seen.ring && how) void playTone(how.sound, how.volume);
      const wait = nextLook(seen.alarm, now);
      if (wait !== null) timer = setTimeout(check, wait);
    };
    check();
    return () => {
      clearTimeout(timer);
    };
  }, [queue, muted]);
}

function useDesktop(queue: readonly Summary[], chosen: Notifications | null): void {
  const [announcements] = useState(() => new Announcements(openNotification));
  useEffect(() => {
    if (chosen) announcements.look(queue, chosen.desktop && !isQuiet(chosen.quiet, Date.now()));
  }, [announcements, queue, chosen]);
  useEffect(() => () => announcements.end(), [announcements]);
}
