import { Button, icons } from "@havana/ui";
import { useMemo, useState } from "react";

import { FormEnd } from "../shell/fields";
import { useLive } from "../shell/live";
import { navigate, NEW_ARTICLE, pathOf, type Route } from "../shell/route";
import { RestRefused, Unreachable } from "../shell/rest";
import { useStore } from "../shell/useStore";
import { Outdated } from "../shell/versions";
import { words } from "../words";
import { ArticleFields } from "./ArticleFields";
import { AskedInWords } from "./AskedInWords";
import { edits, emptyFields, fieldsOf, questionsIn, toggled, wordingsOf, type Fields } from "./editing";
import { useArticle, useArticles, useGroups, useIsFound, useSave, type Article, type QuestionGroup, type Sites } from "./knowledge";
import { NewerVersion, Said } from "./NewerVersion";
import { Empty, Failed, ListSkeleton } from "./parts";

/** The article for a question that was asked. */
export function WriteAnswer({ question }: { question: string }) {
  const { client } = useLive();
  const { data, isError } = useGroups();
  // As it was found: what is asked meanwhile, or settled by the saving, changes nothing here.
  const [group, setGroup] = useState(() => data?.groups.find(({ questions }) => questions.includes(question)));
  const found = group ?? data?.groups.find(({ questions }) => questions.includes(question));
  if (found !== group) setGroup(found);
  if (!data) return isError ? <Failed text={words.knowledge.notLoaded} /> : <ListSkeleton />;
  const back = { page: "unanswered", question: null } as const;
  if (!found) {
    return (
      <Empty icon={icons.done} heading={words.knowledge.settled} lead={words.knowledge.settledLead}>
        <Button onClick={() => navigate(back)}>{words.knowledge.toQuestions}</Button>
      </Empty>
    );
  }
  const place = { page: "unanswered", question } as const;
  return <Editor place={place} back={back} begin={() => emptyFields(found.site, client.now())} asked={found} sites={{}} />;
}

/** An article that nobody asked for yet. */
export function WriteArticle() {
  const { client } = useLive();
  const { data, isError } = useArticles();
  if (!data) return isError ? <Failed text={words.knowledge.notLoaded} /> : <ListSkeleton />;
  const [site = null] = Object.keys(data.sites);
  const place = { page: "articles", article: NEW_ARTICLE } as const;
  return <Editor place={place} back={LIST} begin={() => emptyFields(site, client.now())} sites={data.sites} />;
}

export function ChangeArticle({ id }: { id: string }) {
  const place = { page: "articles", article: id } as const;
  const [kept] = useState(() => edits.of(pathOf(place)).getSnapshot());
  const { data, error } = useArticle(id);
  // Whatever became of the article: what somebody wrote is not lost with it.
  if (kept) return <Editor place={place} back={LIST} begin={() => kept} sites={{}} />;
  if (error) return <Failed text={error instanceof RestRefused ? error.message : words.knowledge.notLoaded} />;
  if (!data) return <ListSkeleton />;
  return <Editor place={place} back={LIST} begin={() => fieldsOf(data)} sites={{}} />;
}

const LIST = { page: "articles", article: null } as const;

interface EditorProps {
  place: Route;
  back: Route;
  begin: () => Fields;
  /** What it answers: settled when it is saved. */
  asked?: QuestionGroup;
  sites: Sites;
}

function Editor({ place, back, begin, asked, sites }: EditorProps) {
  const { fields, change, save, submit, goOn, giveUp } = useEditing(pathOf(place), begin, asked?.questions ?? []);
  const leave = () => {
    giveUp();
    navigate(back);
  };
  const outdated = save.error instanceof Outdated ? (save.error as Outdated<Article>) : null;
  if (save.data) return <Saved article={save.data} question={asked?.text} back={back} onGoOn={goOn} />;
  const form = (
    // While there is a newer version, no button and no key saves but the one that says over what.
    <form className="flex min-w-0 flex-col gap-5" onSubmit={(event) => { event.preventDefault(); if (!outdated) submit(fields.version); }}>
      <ArticleFields fields={fields} onChange={change} sites={sites} />
      {outdated ? (
        <NewerVersion newest={outdated.newest} deleted={words.knowledge.deletedMeanwhile} onReplace={() => { submit(outdated.newest?.version ?? null); }}>
          {outdated.newest ? <WhatItSays article={outdated.newest} /> : null}
        </NewerVersion>
      ) : save.error ? (
        <Failed text={explain(save.error)} />
      ) : null}
      <FormEnd busy={save.isPending} savable={!outdated} onCancel={leave} />
    </form>
  );
  if (!asked) return form;
  const lines = questionsIn(fields);
  const toggle = (wording: string) => { change({ questions: toggled(fields, wording) }); };
  return (
    <div className="flex flex-col gap-6 @4xl:grid @4xl:grid-cols-[minmax(0,1fr)_18rem] @4xl:items-start @4xl:gap-8">
      <AskedInWords wordings={wordingsOf(asked)} added={lines} onToggle={toggle} />
      {form}
    </div>
  );
}

function WhatItSays({ article: { title, text, questions, url } }: { article: Article }) {
  return (
    <>
      <Said label={words.knowledge.title} text={title} />
      <Said label={words.knowledge.text} text={text} />
      {questions.length > 0 ? <Said label={words.knowledge.alsoAsked} text={questions.join("\n")} /> : null}
      {url === null ? null : <Said label={words.knowledge.link} text={url} />}
    </>
  );
}

/** What is being written at this address, from where it was left, and what can be done with it. */
function useEditing(address: string, begin: () => Fields, answers: readonly string[]) {
  const [begun] = useState(begin);
  const fields = useEdited(address) ?? begun;
  const save = useSave(fields.id);
  const giveUp = () => { edits.change(address, null); };
  return {
    fields,
    change: (some: Partial<Fields>) => { edits.change(address, { ...fields, ...some }); },
    save,
    /** `version` is what is replaced by it. */
    submit: (version: string | null) => {
      const { title, text, url, site } = fields;
      save.mutate({ title, text, url: url.trim() || null, site, questions: questionsIn(fields), answers, version }, { onSuccess: giveUp });
    },
    goOn: () => {
      if (save.data) edits.change(address, fieldsOf(save.data));
      save.reset();
    },
    giveUp,
  };
}

function useEdited(address: string): Fields | null {
  return useStore(useMemo(() => edits.of(address), [address]));
}

interface SavedProps {
  article: Article;
  /** What it was written for. */
  question: string | undefined;
  back: Route;
  onGoOn: () => void;
}

function Saved({ article, question, back, onGoOn }: SavedProps) {
  const asked = question ?? article.questions[0] ?? article.title;
  const isFound = useIsFound(article, asked);
  return (
    <div role="status" className="flex flex-1 flex-col">
      <Empty icon={icons.done} heading={isFound ? words.knowledge.known : words.knowledge.saved} lead={leadOf(isFound, asked)}>
        <div className="flex flex-wrap justify-center gap-2">
          <Button look="primary" onClick={() => navigate(back)}>
            {back.page === "unanswered" ? words.knowledge.toQuestions : words.knowledge.toArticles}
          </Button>
          {isFound === false ? <Button onClick={onGoOn}>{words.knowledge.goOn}</Button> : null}
        </div>
      </Empty>
    </div>
  );
}

function leadOf(isFound: boolean | undefined, asked: string): string {
  if (isFound === undefined) return words.knowledge.learning;
  return isFound ? words.knowledge.found(asked) : words.knowledge.notFound(asked);
}

function explain(error: Error): string {
  if (error instanceof Unreachable) return words.knowledge.notReached;
  return (error instanceof RestRefused && error.message) || words.refused.other;
}
