import type { Author } from "@havana/protocol";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { rest } from "../shell/rest";

/** One thing that was said. `seq` and `author` are null where the visitor's name was found. */
export interface Hit {
  conversation: string;
  visitor: string;
  site: string;
  control: string;
  seq: number | null;
  kind: string;
  author: Author | null;
  at: string;
  excerpt: readonly { text: string; marked: boolean }[];
}

interface Page {
  hits: Hit[];
  next: string | null;
  is_whole: boolean;
}

/** After the last key it is looked for. */
const PAUSE_MS = 120;
/** While older conversations are still being read it is looked for again. */
const AGAIN_MS = 3000;

/** What was said with these words, newest first, as it is typed. */
export function useSearch(typed: string, site: string | null) {
  const text = useRested(typed.trim());
  const query = useInfiniteQuery({
    queryKey: ["search", text, site],
    enabled: text !== "",
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam: before, signal }) => {
      const asked = Object.entries({ text, site, before }).filter((pair): pair is [string, string] => pair[1] !== null);
      const page = (await rest("GET", `/api/search?${String(new URLSearchParams(asked))}`)) as Page;
      signal.throwIfAborted();
      return page;
    },
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    // What was said since must be found.
    staleTime: 0,
    gcTime: 60_000,
    refetchInterval: ({ state }) => (state.data?.pages.at(-1)?.is_whole === false ? AGAIN_MS : false),
  });
  return { ...query, text, hits: text === "" ? [] : (query.data?.pages.flatMap(({ hits }) => hits) ?? []) };
}

/** The text as it was when nobody had typed for a moment. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
