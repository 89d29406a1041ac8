import type { ToSave } from "./settings";
import { teamsWords } from "../teams/words";
import { siteWords as say } from "./words";

const LABELS: Readonly<Record<string, string>> = {
  name: say.name,
  assistant: say.assistant,
  persona: say.persona,
  greeting: say.greeting,
  suggestions: say.suggestions,
  call_url: say.call,
  timezone: say.zone,
  hours: say.hours,
  words: say.words,
  tells_page: say.tellsPage,
  assign: teamsWords.assign,
  answer_within_s: teamsWords.within,
};

/** What `theirs` says otherwise: the name of each setting and what stands there. */
export function differences(mine: ToSave, theirs: ToSave): [label: string, text: string][] {
  const names = (Object.keys(mine) as (keyof ToSave)[]).filter((name) => name !== "version");
  return names.filter((name) => told(mine[name]) !== told(theirs[name])).map((name) => [labelOf(name), shown(name, theirs)]);
}

function labelOf(name: keyof ToSave): string {
  return LABELS[name] ?? say.number[name as keyof typeof say.number][0];
}

function shown(name: keyof ToSave, { assign, answer_within_s, tells_page, ...others }: ToSave): string {
  if (name === "assign") return teamsWords.how[assign];
  if (name === "answer_within_s") return String(answer_within_s / 60);
  if (name === "tells_page") return tells_page ? say.yes : say.no;
  return told(others[name]);
}

/** In lines, whatever order it is stored in. */
function told(value: ToSave[keyof ToSave]): string {
  if (value === null) return "–";
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return value.join("\n");
  const lines = Object.entries(value).map(([name, text]) => `${name}: ${Array.isArray(text) ? text.join(", ") : String(text)}`);
  return lines.sort().join("\n") || "–";
}
