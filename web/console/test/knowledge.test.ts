import { describe, expect, it } from "vitest";

import { Edits, emptyFields, fieldsOf, questionsIn, toggled, wordingsOf } from "../src/knowledge/editing";
import type { QuestionGroup } from "../src/knowledge/knowledge";

const AT = "2026-01-01T12:00:00Z";

function group(...texts: string[]): QuestionGroup {
  const examples = texts.map((text, i) => ({ id: `q${String(i)}`, conversation: "c", answer: `a${String(i)}`, text, at: AT }));
  return { site: "demo", text: texts[0] ?? "", count: texts.length, newest: AT, questions: examples.map(({ id }) => id), examples };
}

describe("an article", () => {
  it("begins without a word, whatever was asked: a visitor's words become public by nobody's default", () => {
    const fields = emptyFields("demo", 0);

    expect(fields).toMatchObject({ title: "", questions: "", text: "", url: "", site: "demo", version: null });
    expect(fields.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("is told in which words it was asked, each once and on one line", () => {
    const asked = group("Do you sell\n pizza?", "pizza?", "Do you sell pizza?");

    expect(wordingsOf(asked)).toEqual(["Do you sell pizza?", "pizza?"]);
  });

  it("takes a wording as one more line, and lets go of it again", () => {
    const one = toggled({ questions: "" }, "pizza?");
    const two = toggled({ questions: `${one}\n` }, "Do you sell pizza?");

    expect([one, two]).toEqual(["pizza?", "pizza?\nDo you sell pizza?"]);
    expect(toggled({ questions: two }, "pizza?")).toBe("Do you sell pizza?");
  });

  it("stands in the form as it was saved", () => {
    const article = { id: "a1", site: "demo", title: "Pizza", url: null, version: "v1", updated_at: AT, by: "Ana", text: "None.", questions: ["a?", "b?"] };
    const fields = fieldsOf(article);

    expect(fields).toEqual({ id: "a1", site: "demo", title: "Pizza", url: "", text: "None.", questions: "a?\nb?", version: "v1" });
    expect(questionsIn({ ...fields, questions: " a? \n\n b?\n" })).toEqual(["a?", "b?"]);
  });
});

describe("what was begun", () => {
  const fields = emptyFields("demo", 0);

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
