import { Button, fullTime, icons, rowTime } from "@havana/ui";
import { useState } from "react";

import { useLive } from "../shell/live";
import { navigate, NEW_ARTICLE } from "../shell/route";
import { RouteLink } from "../shell/RouteLink";
import { useHalfMinute } from "../shell/useTick";
import { Outdated } from "../shell/versions";
import { words } from "../words";
import { useArticles, useRemove, type Article, type ArticleListed, type Sites } from "./knowledge";
import { Empty, Failed, ListSkeleton } from "./parts";

/** What was written in the console, the latest change first. */
export function Articles() {
  const { data, isError } = useArticles();
  if (!data) return isError ? <Failed text={words.knowledge.notLoaded} /> : <ListSkeleton />;
  const write = () => navigate({ page: "articles", article: NEW_ARTICLE });
  const button = (
    <Button icon={icons.note} onClick={write}>
      {words.knowledge.writeArticle}
    </Button>
  );
  if (data.articles.length === 0) {
    return (
      <Empty icon={icons.book} heading={words.knowledge.noArticles} lead={words.knowledge.noArticlesLead}>
        {button}
      </Empty>
    );
  }
  return (
    <>
      <div className="mb-3 flex justify-end">{button}</div>
      <ul className="rounded-large border border-line bg-surface shadow-low">
        {data.articles.map((article) => (
          <li key={article.id} className="border-b border-line last:border-0">
            <ArticleRow article={article} sites={data.sites} />
          </li>
        ))}
      </ul>
    </>
  );
}

function ArticleRow({ article, sites }: { article: ArticleListed; sites: Sites }) {
  const [asking, setAsking] = useState(false);
  const remove = useRemove();
  const { client } = useLive();
  useHalfMinute();
  const { updated_at: at, by } = article;
  // Whoever wants to delete it all the same asks once more: it is not what they meant to delete.
  const onRemove = () => { remove.mutate(article, { onError: () => { setAsking(false); } }); };
  if (asking) {
    return (
      <div role="group" aria-label={words.knowledge.remove} className="flex min-h-16 flex-wrap items-center gap-2 px-4 py-3">
        <p className="min-w-0 flex-1 basis-56 [overflow-wrap:anywhere]">{words.knowledge.removeAsk(article.title)}</p>
        <Button onClick={() => { setAsking(false); }}>{words.cancel}</Button>
        <Button look="waiting" disabled={remove.isPending} onClick={onRemove}>
          {words.knowledge.remove}
        </Button>
      </div>
    );
  }
  const row = (
    <div className="flex min-h-16 items-center pe-2">
      <RouteLink
        to={{ page: "articles", article: article.id }}
        className="flex min-h-16 min-w-0 flex-1 flex-col justify-center rounded-medium px-4 py-2 hover:bg-wash focus-visible:-outline-offset-2"
      >
        <span dir="auto" className="truncate text-left font-medium">
          {article.title}
        </span>
        <span className="truncate text-[13px]/5 text-ink-soft">
          {by === null ? null : <><bdi>{by}</bdi> · </>}
          <time dateTime={at} title={fullTime(at)} className="tabular-nums">
            {rowTime(at, new Date(client.now()))}
          </time>
          {Object.keys(sites).length > 1 ? <> · <bdi>{sites[article.site] ?? article.site}</bdi></> : null}
        </span>
      </RouteLink>
      <Button look="quiet" icon={icons.bin} label={words.knowledge.removeNamed(article.title)} onClick={() => { setAsking(true); }} />
    </div>
  );
  return (
    <>
      {row}
      {remove.error ? <div className="px-4 pt-1"><Failed text={explain(remove.error)} /></div> : null}
    </>
  );
}

function explain(error: Error): string {
  return error instanceof Outdated ? words.knowledge.notDeleted((error as Outdated<Article>).newest?.by ?? null) : words.refused.other;
}
