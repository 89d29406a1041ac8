import { Button, icons, Markdown } from "@havana/ui";
import { useId, useMemo, useState, type ReactNode } from "react";

import { useLive } from "../shell/live";
import { navigate, NEW_ARTICLE, pathOf, type Route } from "../shell/route";
import { RestRefused, Unreachable } from "../shell/rest";
import { useStore } from "../shell/useStore";
import { words } from "../words";
import { edits, fieldsFor, fieldsOf, questionsIn, type Fields } from "./editing";
import { useArticle, useArticles, useGroups, useIsFound, useSave, type Article, type Sites } from "./knowledge";
import { Empty, Failed, ListSkeleton } from "./parts";

/** The article for a question that was asked, begun with its words. */
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
  return <Editor place={place} back={back} begin={() => fieldsFor(found, null, client.now())} answers={found.questions} sites={{}} />;
}

/** An article that nobody asked for yet. */
export function WriteArticle() {
  const { client } = useLive();
  const { data, isError } = useArticles();
  if (!data) return isError ? <Failed text={words.knowledge.notLoaded} /> : <ListSkeleton />;
  const [site = null] = Object.keys(data.sites);
  const place = { page: "articles", article: NEW_ARTICLE } as const;
  return <Editor place={place} back={LIST} begin={() => fieldsFor(null, site, client.now())} answers={[]} sites={data.sites} />;
}

export function ChangeArticle({ id }: { id: string }) {
  const { data, error } = useArticle(id);
  if (error) return <Failed text={error instanceof RestRefused ? error.message : words.knowledge.notLoaded} />;
  if (!data) return <ListSkeleton />;
  return <Editor place={{ page: "articles", article: id }} back={LIST} begin={() => fieldsOf(data)} answers={[]} sites={{}} />;
}

const LIST = { page: "articles", article: null } as const;

interface EditorProps {
  place: Route;
  back: Route;
  begin: () => Fields;
  /** The questions that are settled when it is saved. */
  answers: readonly string[];
  /** The sites that it may be for, if that is still to be said. */
  sites: Sites;
}

function Editor({ place, back, begin, answers, sites }: EditorProps) {
  const address = pathOf(place);
  const [begun] = useState(begin);
  const fields = useEdited(address) ?? begun;
  const change = (some: Partial<Fields>) => { edits.change(address, { ...fields, ...some }); };
  const save = useSave(fields.id);
  const leave = () => {
    edits.change(address, null);
    navigate(back);
  };
  const submit = () => {
    const { title, text, url, site } = fields;
    save.mutate(
      { title, text, url: url.trim() || null, site, questions: questionsIn(fields), answers },
      { onSuccess: () => { edits.change(address, null); } },
    );
  };
  if (save.data) return <Saved article={save.data} back={back} />;
  return (
    <form className="flex flex-col gap-5" onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <Labelled label={words.knowledge.title}>
        {(id) => <input id={id} required maxLength={200} dir="auto" value={fields.title} onChange={(event) => { change({ title: event.target.value }); }} className={`h-10 pointer-coarse:h-11 ${FIELD}`} />}
      </Labelled>
      <SiteChoice sites={sites} site={fields.site} onSite={(site) => { change({ site }); }} />
      <Answer text={fields.text} onText={(text) => { change({ text }); }} />
      <Labelled label={words.knowledge.alsoAsked} hint={words.knowledge.alsoAskedHint}>
        {(id) => <textarea id={id} rows={Math.min(8, Math.max(3, fields.questions.split("\n").length + 1))} dir="auto" value={fields.questions} onChange={(event) => { change({ questions: event.target.value }); }} className={`py-2 ${FIELD}`} />}
      </Labelled>
      <Labelled label={words.knowledge.link} hint={words.knowledge.linkHint}>
        {(id) => <input id={id} type="url" maxLength={2000} placeholder="https://" value={fields.url} onChange={(event) => { change({ url: event.target.value }); }} className={`h-10 pointer-coarse:h-11 ${FIELD}`} />}
      </Labelled>
      {save.error ? <Failed text={explain(save.error)} /> : null}
      <div className="flex gap-2">
        <Button type="submit" look="primary" disabled={save.isPending}>
          {save.isPending ? words.knowledge.saving : words.knowledge.save}
        </Button>
        <Button look="quiet" onClick={leave}>
          {words.cancel}
        </Button>
      </div>
    </form>
  );
}

/** What was begun there before, if anything was. */
function useEdited(address: string): Fields | null {
  return useStore(useMemo(() => edits.of(address), [address]));
}

const FIELD = "w-full rounded-medium border border-line bg-surface px-3 text-[15px]/6 placeholder:text-ink-soft";

function Labelled({ label, hint, children }: { label: string; hint?: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children(id)}
      {hint === undefined ? null : <p className="text-[13px]/5 text-ink-soft">{hint}</p>}
    </div>
  );
}

/** Only where there is a choice. */
function SiteChoice({ sites, site, onSite }: { sites: Sites; site: string | null; onSite: (site: string) => void }) {
  const names = Object.entries(sites);
  if (names.length < 2) return null;
  return (
    <Labelled label={words.knowledge.site}>
      {(id) => (
        <select id={id} value={site ?? ""} onChange={(event) => { onSite(event.target.value); }} className={`h-10 pointer-coarse:h-11 ${FIELD}`}>
          {names.map(([key, name]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

/** The words that visitors will read, as they are written or as they will look. */
function Answer({ text, onText }: { text: string; onText: (text: string) => void }) {
  const [previewing, setPreviewing] = useState(false);
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-center justify-between">
        <label htmlFor={id} className="font-medium">
          {words.knowledge.text}
        </label>
        <button
          type="button"
          aria-pressed={previewing}
          disabled={text.trim() === ""}
          onClick={() => { setPreviewing(!previewing); }}
          className="-my-2 min-h-10 cursor-pointer rounded-small px-1 text-[13px]/5 font-medium text-ink-soft underline underline-offset-2 not-disabled:hover:text-ink disabled:cursor-default disabled:no-underline disabled:opacity-60"
        >
          {previewing ? words.knowledge.goOn : words.knowledge.preview}
        </button>
      </div>
      {previewing ? (
        <div className="min-h-55 rounded-medium border border-line bg-surface px-4 py-3 text-[15px]/6">
          <Markdown text={text} />
        </div>
      ) : (
        <textarea id={id} required autoFocus={text === ""} rows={9} maxLength={50_000} dir="auto" placeholder={words.knowledge.textPlaceholder} value={text} onChange={(event) => { onText(event.target.value); }} className={`py-2 ${FIELD}`} />
      )}
    </div>
  );
}

function Saved({ article, back }: { article: Article; back: Route }) {
  const asked = article.questions[0] ?? article.title;
  const isFound = useIsFound(article, asked);
  return (
    <div role="status" className="flex flex-1 flex-col">
      <Empty icon={icons.done} heading={isFound ? words.knowledge.known : words.knowledge.saved} lead={leadOf(isFound, asked)}>
        <Button look="primary" onClick={() => navigate(back)}>
          {back.page === "unanswered" ? words.knowledge.toQuestions : words.knowledge.toArticles}
        </Button>
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
