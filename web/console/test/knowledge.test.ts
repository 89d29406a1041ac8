import { describe, expect, it } from "vitest";

import { Edits, fieldsFor, fieldsOf, questionsIn } from "../src/knowledge/editing";
import type { QuestionGroup } from "../src/knowledge/knowledge";

const AT = "2026-01-01T12:00:00Z";

function group(...texts: string[]): QuestionGroup {
  const examples = texts.map((text, i) => ({ id: `q${String(i)}`, conversation: "c", answer: `a${String(i)}`, text, at: AT }));
  return { site: "demo", text: texts[0] ?? "", count: texts.length, newest: AT, questions: examples.map(({ id }) => id), examples };
}

describe("an article", () => {
  it("begins with the words of what was asked, each once", () => {
    const fields = fieldsFor(group("Do you sell pizza?", "pizza?", "Do you sell pizza?"), null, 0);

    expect(fields).toMatchObject({ title: "Do you sell pizza?", questions: "Do you sell pizza?\npizza?", text: "", site: "demo" });
    expect(fields.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("that nobody asked for begins empty, for the first site", () => {
    expect(fieldsFor(null, "demo", 0)).toMatchObject({ title: "", questions: "", text: "", site: "demo" });
  });

  it("stands in the form as it was saved", () => {
    const article = { id: "a1", site: "demo", title: "Pizza", url: null, updated_at: AT, by: "Ana", text: "None.", questions: ["a?", "b?"] };
    const fields = fieldsOf(article);

    expect(fields).toEqual({ id: "a1", site: "demo", title: "Pizza", url: "", text: "None.", questions: "a?\nb?" });
    expect(questionsIn({ ...fields, questions: " a? \n\n b?\n" })).toEqual(["a?", "b?"]);
  });
});

describe("what was begun", () => {
  const fields = fieldsFor(null, "demo", 0);

  it("is kept by its address until it is saved or given up", () => {
    const edits = new Edits();
    edits.change("/console/articles/new", fields);
    expect(edits.of("/console/articles/new").getSnapshot()).toBe(fields);
    expect(edits.of("/console/articles/a1").getSnapshot()).toBeNull();
    expect(edits.unsaved).toBe(true);

    edits.change("/console/articles/new", null);
    expect(edits.unsaved).toBe(false);
  });

  it("waits for the same agent, and for nobody else", () => {
    const edits = new Edits();
    edits.belongTo("ana");
    edits.change("/console/articles/new", fields);
    edits.belongTo("ana");
    expect(edits.unsaved).toBe(true);

    edits.belongTo("ben");
    expect(edits.unsaved).toBe(false);
  });
});
