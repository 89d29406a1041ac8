import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { rest } from "../shell/rest";
import { orNothing, unlessOutdated } from "../shell/versions";

/** A question that was asked in a conversation and that no article answered. */
export interface Asked {
  id: string;
  conversation: string;
  answer: string;
  text: string;
  at: string;
}

/** What asks for the same: `text` stands for it, `questions` are the ids of all, `examples` some of them in words. */
export interface QuestionGroup {
  site: string;
  text: string;
  count: number;
  newest: string;
  questions: string[];
  examples: Asked[];
}

/** The names of all sites by their keys. */
export type Sites = Readonly<Record<string, string>>;

export interface Groups {
  groups: QuestionGroup[];
  sites: Sites;
}

export interface ArticleListed {
  id: string;
  site: string;
  title: string;
  url: string | null;
  /** Another one after each change. */
  version: string;
  updated_at: string;
  by: string | null;
}

export interface Article extends ArticleListed {
  text: string;
  questions: string[];
}

export interface ArticleToSave {
  title: string;
  text: string;
  questions: string[];
  url: string | null;
  site: string | null;
  answers: readonly string[];
  /** The one that was changed into this; null for a new article. */
  version: string | null;
}

interface Found {
  passages: { title: string }[];
  answers: boolean;
}

const UNANSWERED = "unanswered";
const ARTICLES = "articles";
/** Others settle questions too, and visitors ask new ones. */
const LOOK_AGAIN_MS = 60_000;

export function useGroups() {
  return useQuery({
    queryKey: [UNANSWERED, "groups"],
    queryFn: async () => (await rest("GET", "/api/unanswered")) as Groups,
    refetchInterval: LOOK_AGAIN_MS,
  });
}

/** How many questions are open; undefined as long as nobody knows. */
export function useOpenCount(): number | undefined {
  const { data } = useQuery({
    queryKey: [UNANSWERED, "count"],
    queryFn: async () => ((await rest("GET", "/api/unanswered/count")) as { count: number }).count,
    refetchInterval: LOOK_AGAIN_MS,
  });
  return data;
}

/** The open questions of a conversation by the answer's id. Asked for anew when `latest`, its last unsure answer, changes. */
export function useOpenIn(conversation: string, latest: string | null): ReadonlyMap<string, string> {
  const { data } = useQuery({
    queryKey: [UNANSWERED, conversation, latest],
    queryFn: async () => {
      const path = `/api/conversations/${encodeURIComponent(conversation)}/unanswered`;
      const { questions } = (await rest("GET", path)) as { questions: Asked[] };
      return new Map(questions.map(({ answer, id }) => [answer, id]));
    },
    enabled: latest !== null,
    placeholderData: keepPreviousData,
  });
  return data ?? NONE;
}

const NONE: ReadonlyMap<string, string> = new Map();

/** Dismisses the questions of a group, or takes that back. */
export function useSettle() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ group, to }: { group: QuestionGroup; to: "dismiss" | "reopen" }) =>
      rest("POST", `/api/unanswered/${to}`, { questions: group.questions }),
    onSettled: () => queries.invalidateQueries({ queryKey: [UNANSWERED] }),
  });
}

export function useArticles() {
  return useQuery({
    queryKey: [ARTICLES],
    queryFn: async () => (await rest("GET", "/api/articles")) as { articles: ArticleListed[]; sites: Sites },
  });
}

export function useArticle(id: string) {
  return useQuery({
    queryKey: [ARTICLES, id],
    queryFn: () => read(id),
    // What somebody is changing must not change under their hands.
    staleTime: Infinity,
    gcTime: 0,
  });
}

export function useSave(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (article: ArticleToSave) => unlessOutdated(async () => (await rest("PUT", pathOfArticle(id), article)) as Article, () => read(id)),
    onSuccess: () => Promise.all([UNANSWERED, ARTICLES].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  });
}

export function useRemove() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version }: ArticleListed) =>
      unlessOutdated(
        () => orNothing(rest("DELETE", `${pathOfArticle(id)}?${String(new URLSearchParams({ version }))}`)),
        () => read(id),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: [ARTICLES], exact: true }),
  });
}

async function read(id: string): Promise<Article> {
  return (await rest("GET", pathOfArticle(id))) as Article;
}

/**
 * Whether the assistant, asked this now, answers from this article; undefined as long as it may still come to that.
 *
 * What an article means is learnt after it was stored, which takes a moment.
 */
export function useIsFound({ id, site, title, updated_at: at }: Article, question: string): boolean | undefined {
  const path = `/api/knowledge?${String(new URLSearchParams({ site, question }))}`;
  const { data } = useQuery({
    queryKey: ["found", id, at, question],
    queryFn: async ({ signal }) => {
      for (let looks = 1; ; looks++) {
        const { answers, passages } = (await rest("GET", path)) as Found;
        const isFound = answers && passages[0]?.title === title;
        if (isFound || looks === LOOKS || signal.aborted) return isFound;
        await new Promise((resolve) => setTimeout(resolve, LEARNING_MS));
      }
    },
  });
  return data;
}

const LOOKS = 15;
const LEARNING_MS = 1_000;

function pathOfArticle(id: string): string {
  return `/api/articles/${encodeURIComponent(id)}`;
}
