import { preview, rowTime, StateMark } from "@havana/ui";
import { useEffect } from "react";

import { useLive } from "../shell/live";
import { RouteLink } from "../shell/RouteLink";
import { useStore } from "../shell/useStore";
import { words } from "../words";

/** The visitor's other conversations, newest first; nothing if there are none. */
export function useOthers(visitor: string, conversation: string) {
  const { client } = useLive();
  const list = client.inbox("visitor");
  useEffect(() => (visitor ? list.follow({ visitor }) : undefined), [list, visitor]);
  const { conversations, more } = useStore(list);
  return {
    others: conversations.filter((one) => one.visitor.id === visitor && one.conversation !== conversation),
    onMore: more ? () => list.more() : undefined,
  };
}

export function Others({ others, onMore }: ReturnType<typeof useOthers>) {
  const { client } = useLive();
  return (
    <>
      <ul className="-mx-2 flex flex-col">
        {others.map(({ conversation, at, preview: said, state }) => (
          <li key={conversation}>
            <RouteLink
              to={{ page: "inbox", conversation }}
              className="flex min-h-10 items-center gap-2 rounded-medium px-2 py-1 hover:bg-wash pointer-coarse:min-h-11"
            >
              <span dir="auto" className="min-w-0 flex-1 truncate text-left">
                {preview(said) || words.inbox.noWords}
              </span>
              {state.control === "closed" ? null : <StateMark control={state.control} className="shrink-0 text-xs/4" />}
              {at ? (
                <time dateTime={at} className="shrink-0 text-xs/5 text-ink-soft tabular-nums">
                  {rowTime(at, new Date(client.now()))}
                </time>
              ) : null}
            </RouteLink>
          </li>
        ))}
      </ul>
      {onMore ? (
        <button type="button" onClick={onMore} className="min-h-10 cursor-pointer font-medium text-ink-soft underline underline-offset-2 hover:text-ink">
          {words.visitor.more}
        </button>
      ) : null}
    </>
  );
}
