import { RestRefused } from "../shell/rest";

/** What is wrong, as a sentence beside the field, by the field's name. */
export type Problems = Readonly<Record<string, string>>;

export function problemsOf(error: Error | null): Problems {
  const told = error instanceof RestRefused ? error.problems : [];
  return Object.fromEntries(told.map(({ field, message }) => [field, `${message.charAt(0).toUpperCase()}${message.slice(1)}.`]));
}
