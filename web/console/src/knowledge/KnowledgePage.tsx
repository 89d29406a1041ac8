import { Button, icons } from "@havana/ui";

import { navigate, NEW_ARTICLE, type Route } from "../shell/route";
import { RouteTab } from "../shell/RouteTab";
import { words } from "../words";
import { Articles } from "./Articles";
import { ChangeArticle, WriteAnswer, WriteArticle } from "./Editor";
import { Questions } from "./Questions";

type KnowledgeRoute = Extract<Route, { page: "unanswered" | "articles" }>;

/** What the assistant does not know, and what was written for it here. */
export function KnowledgePage({ route }: { route: KnowledgeRoute }) {
  const isWriting = route.page === "unanswered" ? route.question !== null : route.article !== null;
  const isAsked = route.page === "unanswered" && isWriting;
  const list: Route = route.page === "unanswered" ? { page: "unanswered", question: null } : { page: "articles", article: null };
  return (
    <section aria-label={words.knowledge.page} className="flex h-full min-h-0 min-w-0 flex-1 flex-col bg-ground">
      <header className="flex h-16 shrink-0 items-center gap-1 border-b border-line bg-surface px-4 max-md:px-1">
        {isWriting ? <Button look="quiet" icon={icons.back} label={words.knowledge.backToList} onClick={() => navigate(list)} /> : null}
        <h1 className="sr-only">{words.knowledge.page}</h1>
        <nav aria-label={words.knowledge.page} className="flex min-w-0 gap-1">
          <RouteTab to={{ page: "unanswered", question: null }} current={route.page === "unanswered"}>
            {words.knowledge.unanswered}
          </RouteTab>
          <RouteTab to={{ page: "articles", article: null }} current={route.page === "articles"}>
            {words.knowledge.articles}
          </RouteTab>
        </nav>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        <div className={`@container mx-auto flex min-h-full flex-col px-4 py-5 md:px-6 ${isAsked ? "max-w-5xl" : "max-w-3xl"}`}>
          <Shown route={route} />
        </div>
      </div>
    </section>
  );
}

function Shown({ route }: { route: KnowledgeRoute }) {
  if (route.page === "unanswered") {
    return route.question === null ? <Questions /> : <WriteAnswer key={route.question} question={route.question} />;
  }
  if (route.article === null) return <Articles />;
  return route.article === NEW_ARTICLE ? <WriteArticle /> : <ChangeArticle key={route.article} id={route.article} />;
}
