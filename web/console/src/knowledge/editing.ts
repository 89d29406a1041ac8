import { newKey, type Store } from "@havana/protocol";

import type { Article, QuestionGroup } from "./knowledge";

/** An article as it stands in the form. `questions` has one a line; `id` is the article's, chosen when it was begun. */
export interface Fields {
  id: string;
  title: string;
  questions: string;
  text: string;
  url: string;
  site: string | null;
}

/** How much of it an article takes. */
const MOST_QUESTIONS = 50;

export function fieldsOf(article: Article): Fields {
  const { id, title, text, url, site } = article;
  return { id, title, text, url: url ?? "", site, questions: article.questions.join("\n") };
}

/** The beginning of an article for what was asked: all ways to ask for it, and the words that stand for them as title. */
export function fieldsFor(group: QuestionGroup | null, site: string | null, now: number): Fields {
  const asked = [...new Set(group?.examples.map(({ text }) => text))].slice(0, MOST_QUESTIONS);
  return { id: newKey(now), title: group?.text ?? "", questions: asked.join("\n"), text: "", url: "", site: group?.site ?? site };
}

export function questionsIn({ questions }: Fields): string[] {
  return questions.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

/** What was begun and not saved, by its address, so that looking at a conversation loses nothing. */
export class Edits {
  private readonly begun = new Map<string, Fields>();
  private owner: string | null = null;
  private readonly listeners = new Set<() => void>();

  of(place: string): Store<Fields | null> {
    return {
      getSnapshot: () => this.begun.get(place) ?? null,
      subscribe: (listener) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
    };
  }

  change(place: string, fields: Fields | null): void {
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

export const edits = new Edits();
