import { icons, type Outline } from "@havana/ui";
import { useState } from "react";

import { VIEWS } from "../inbox/views";
import { useDuty, useProfile } from "../profile/profile";
import { sectionsFor } from "../settings/sections";
import { useLive } from "../shell/live";
import { navigate, type Route } from "../shell/route";
import { doShortcut, hasShortcut } from "../shell/useShortcuts";
import { words } from "../words";

/** Something that can be done from anywhere; `keys` does the same. */
export interface Command {
  label: string;
  keys: string | null;
  icon: Outline;
  run: () => void;
}

/** As many of them stand above what was found. */
const BESIDE_HITS = 4;

/** What can be done at this moment: with the conversation that is open first, then where one may go. */
export function useCommands(): Command[] {
  const { me } = useLive();
  const away = useProfile().data?.away ?? false;
  const duty = useDuty();
  // As it was when they were asked for: the list must not change under the hand.
  const [keyed] = useState(() => KEYED.filter(([key]) => hasShortcut(key)).map(([key, icon]) => ofKey(key, icon, MEANINGS[key] ?? key)));
  const views = VIEWS.map((view, at) => ofKey(String(at + 1), icons.queue, `${words.rail.inbox}: ${words.inbox.view[view]}`));
  const turn = () => duty.mutate({ id: me.id, away: !away });
  return [
    ...keyed,
    ...views,
    ...PLACES,
    ...sectionsFor(me.role).map(({ name, heading }) =>
      to({ page: "settings", section: name, item: null }, icons.settings, `${words.rail.settings}: ${heading}`),
    ),
    { label: away ? words.profile.backOnDuty : words.profile.setAway, keys: null, icon: icons.clock, run: turn },
    ofKey("?", icons.help, MEANINGS["?"] ?? ""),
  ];
}

/** Those that have all words of the text, each at the beginning of one of theirs; all of them where there is none. */
export function matching(commands: readonly Command[], text: string): readonly Command[] {
  const wanted = wordsOf(text);
  if (wanted.length === 0) return commands;
  return commands.filter(({ label }) => wanted.every((word) => wordsOf(label).some((known) => known.startsWith(word)))).slice(0, BESIDE_HITS);
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/[\s:,]+/).filter((word) => word !== "");
}

const MEANINGS: Readonly<Record<string, string>> = Object.fromEntries(words.help.map(([key, meaning]) => [key.toLowerCase(), meaning]));

const KEYED: readonly (readonly [string, Outline])[] = [
  ["c", icons.person],
  ["r", icons.pencil],
  ["n", icons.note],
  ["s", icons.palm],
  ["h", icons.palm],
  ["e", icons.done],
];

const PLACES: readonly Command[] = [
  ofKey("u", icons.book, `${words.rail.knowledge}: ${words.knowledge.heading}`),
  to({ page: "articles", article: null }, icons.book, `${words.rail.knowledge}: ${words.knowledge.articles}`),
  ofKey("w", icons.columns, words.rail.wall),
  to({ page: "reports", part: null }, icons.chart, words.rail.reports),
];

function ofKey(key: string, icon: Outline, label: string): Command {
  return { label, keys: key.toUpperCase(), icon, run: () => doShortcut(key) };
}

function to(route: Route, icon: Outline, label: string): Command {
  return { label, keys: null, icon, run: () => navigate(route) };
}
