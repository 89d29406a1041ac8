/** What the list of changes says. */
export const changesWords = {
  heading: "Changes",
  lead: "Who changed what in the settings. Kept for two years.",
  none: "Nothing was changed yet",
  noneLead: "Articles, canned answers, people, teams and passwords: whatever is changed stands here.",
  failed: "The changes could not be read. Try again.",
  older: "Show older changes",
  command: "The command line",
};

/** What is set of a website, as the end of "changed …". */
const SETTINGS: Readonly<Record<string, string>> = {
  name: "the name",
  assistant: "the assistant’s name",
  persona: "who the assistant is",
  greeting: "the greeting",
  suggestions: "the suggested questions",
  call_url: "the booking link",
  timezone: "the time zone",
  hours: "the opening hours",
  tells_page: "whether visitors’ pages are shown",
  assign: "who takes over",
  answer_within_s: "the time to answer",
  wait_target_s: "the target for a wait",
  remind_after_s: "the time until a reminder",
  agent_gone_after_s: "the time for an agent who is gone",
  idle_close_after_s: "the time until a quiet conversation closes",
  approval_s: "the time for an approval",
  answer_tokens: "the length of answers",
  answers_per_hour: "the answers per hour",
  money_per_day: "the money per day",
  words: "what Havana says",
};

export type Details = Readonly<Record<string, unknown>>;

const LIST = new Intl.ListFormat("en");
const quoted = (value: unknown) => `“${text(value)}”`;
const questions = (count: unknown) => (count === 1 ? "a question" : `${text(count)} questions`);

/** What was done, after the name of who did it; isolated, for names may run the other way. */
const SAID: Readonly<Record<string, (told: Details) => string>> = {
  article_saved: ({ title, site }) => `saved the article ${quoted(title)} for ${isolated(site)}`,
  article_deleted: ({ title }) => `deleted the article ${quoted(title)}`,
  canned_saved: ({ name }) => `saved the canned answer ${quoted(name)}`,
  canned_deleted: ({ name }) => `deleted the canned answer ${quoted(name)}`,
  team_saved: ({ name }) => `saved the team ${quoted(name)}`,
  team_deleted: ({ name }) => `deleted the team ${quoted(name)}`,
  questions_dismissed: ({ count }) => `decided that ${questions(count)} needs no article`.replace("questions needs", "questions need"),
  questions_reopened: ({ count }) => `put ${questions(count)} back among the unanswered`,
  site_applied: ({ site }) => `set up the website ${isolated(site)}`,
  site_added: ({ site }) => `added the website ${isolated(site)}`,
  site_saved: ({ site, fields }) => `changed ${settingNames(fields)} on the website ${isolated(site)}`,
  renamed: ({ before, after }) => `is called ${isolated(after)} now, before ${isolated(before)}`,
  password_changed: () => "changed their password",
  set_away: ({ name }) => `set ${isolated(name)} as away`,
  set_on_duty: ({ name }) => `put ${isolated(name)} back on duty`,
  agent_added: ({ name, role }) => `added ${isolated(name)} as ${roleName(role)}`,
  agent_removed: ({ name }) => `removed ${isolated(name)}`,
  link_made: ({ name }) => `made a link for ${isolated(name)} to come in`,
  agent_invited: ({ name, role }) => `invited ${isolated(name)} as ${roleName(role)}`,
  invitation_withdrawn: ({ name }) => `withdrew the invitation of ${isolated(name)}`,
  invitation_followed: () => "joined the team",
  password_reset: () => "chose a new password by a link",
  role_changed: ({ name, role }) => `made ${isolated(name)} ${roleName(role)}`,
  capacity_changed: ({ name, capacity }) => `let ${isolated(name)} be given ${text(capacity)} conversations at once`,
  agent_deactivated: ({ name }) => `deactivated ${isolated(name)}`,
  agent_reactivated: ({ name }) => `reactivated ${isolated(name)}`,
};

/** The rest of a sentence that begins with who did it. A newer server may know more kinds than this page. */
export function sentence(kind: string, details: Details): string {
  return SAID[kind]?.(details) ?? `changed something (${kind.replaceAll("_", " ")})`;
}

/** A newer server may know more settings than this page. */
function settingNames(fields: unknown): string {
  const names = Array.isArray(fields) ? fields.map((field) => SETTINGS[text(field)] ?? text(field).replaceAll("_", " ")) : [];
  return names.length === 0 ? "the settings" : LIST.format(names);
}

function roleName(role: unknown): string {
  return role === "admin" ? "an admin" : "an agent";
}

function isolated(value: unknown): string {
  return `\u2068${text(value)}\u2069`;
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
