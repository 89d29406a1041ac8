import { newKey, type Store } from "@havana/protocol";

import type { Article, QuestionGroup } from "./knowledge";

/**
 * An article as it stands in the form. `questions` has one a line; `id` is the article's, chosen when it was begun, and
 * `version` what was changed into this, null if there was nothing.
 */
export interface Fields {
  id: string;
  title: string;
  questions: string;
  text: string;
  url: string;
  site: string | null;
  version: string | null;
}

export function fieldsOf(article: Article): Fields {
  const { id, title, text, url, site, version } = article;
  return { id, title, text, url: url ?? "", site, version, questions: article.questions.join("\n") };
}

/** An article of which nothing is written yet. Visitors' words stay outside: a title is shown to other visitors. */
export function emptyFields(site: string | null, now: number): Fields {
  return { id: newKey(now), title: "", questions: "", text: "", url: "", site, version: null };
}

/** In which words it was asked, each once and on one line. */
export function wordingsOf({ examples }: QuestionGroup): string[] {
  return [...new Set(examples.map(({ text }) => text.split(/\s+/).join(" ").trim()))];
}

export function questionsIn({ questions }: Pick<Fields, "questions">): string[] {
  return questions.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

/** With this wording as one more line, or without it if it is one. */
export function toggled(fields: Pick<Fields, "questions">, wording: string): string {
  const lines = questionsIn(fields);
  return (lines.includes(wording) ? lines.filter((line) => line !== wording) : [...lines, wording]).join("\n");
}

/** What was begun and not saved, by its address, so that looking at a conversation loses nothing. */
export class Edits<F> {
  private readonly begun = new Map<string, F>();
  private owner: string | null = null;
  private readonly listeners = new Set<() => void>();

  of(place: string): Store<F | null> {
    return {
      getSnapshot: () => this.begun.get(place) ?? null,
      subscribe: (listener) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
    };
  }

  change(place: string, fields: F | null): void {
    if (fields) this.begun.set(place, fields);
    else this.begun.delete(place);
    for (const listener of this.listeners) listener();
  }

  /** As `Drafts.belongTo`: another agent on this machine must not see them. */
  belongTo(agent: string): void {
    if (this.owner !== agent) this.begun.clear();
    this.owner = agent;
  }

  get unsaved(): boolean {
    return this.begun.size > 0;
  }
}

export const edits = new Edits<Fields>();
