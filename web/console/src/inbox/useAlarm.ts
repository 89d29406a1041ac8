import type { Summary } from "@havana/protocol";
import { useEffect, useRef, useState } from "react";

import type { Notifications } from "../profile/profile";
import { words } from "../words";
import { look, nextLook, silent, tell, type Told } from "./alarm";
import { Announcements, showWaiting, showWritten } from "./desktop";
import { showIcon } from "./favicon";
import { isQuiet } from "./quiet";
import { playTone } from "./tone";
import type { Unread } from "./useInbox";

/** How loud it is that somebody has written, beside that somebody waits for anybody. */
const SOFTLY = 0.5;

/**
 * Announces whoever waits, until somebody claims them, and what is unread of one's own: in the tab's title and icon, by
 * sound, and on the desktop.
 *
 * `chosen` is null until it is known what the agent has chosen.
 */
export function useAlarm(queue: readonly Summary[], unread: Unread, chosen: Notifications | null): void {
  useTitle(queue.length, unread.conversations.length);
  useTone(chosen ? queue.map((summary) => summary.conversation).join("\n") : "", chosen);
  useSoftTone(unread, chosen);
  useDesktop(queue, unread.conversations, chosen);
}

function useTitle(waiting: number, unread: number): void {
  useEffect(() => {
    document.title = waiting > 0 ? words.titleWaiting(waiting) : unread > 0 ? words.titleUnread(unread) : words.title;
    showIcon(waiting, unread);
    return () => {
      document.title = words.title;
      showIcon(0, 0);
    };
  }, [waiting, unread]);
}

function useSoftTone({ known, conversations }: Unread, chosen: Notifications | null): void {
  const told = useRef<Told | null>(null);
  useEffect(() => {
    if (!known) return;
    const seen = tell(told.current, conversations);
    told.current = seen.told;
    if (!seen.news || !chosen?.sound_on || isQuiet(chosen.quiet, Date.now())) return;
    void playTone(chosen.sound, chosen.volume * SOFTLY);
  }, [known, conversations, chosen]);
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

function useDesktop(queue: readonly Summary[], unread: readonly Summary[], chosen: Notifications | null): void {
  const [shown] = useState(() => ({ waits: new Announcements(showWaiting), wrote: new Announcements(showWritten) }));
  useEffect(() => {
    if (!chosen) return;
    const wanted = chosen.desktop && !isQuiet(chosen.quiet, Date.now());
    shown.waits.look(queue, wanted);
    // Where something waits to be allowed, too, that is told.
    shown.wrote.look(unread.filter(({ conversation }) => !queue.some((one) => one.conversation === conversation)), wanted);
  }, [shown, queue, unread, chosen]);
  useEffect(
    () => () => {
      shown.waits.end();
      shown.wrote.end();
    },
    [shown],
  );
}
