import { Avatar, Button, fullTime, rowTime } from "@havana/ui";

import { useLive } from "../shell/live";
import { KeyList } from "../shell/KeyList";
import { ListOption } from "../shell/ListOption";
import { Unreachable } from "../shell/rest";
import { words as console } from "../words";
import { CommandRow } from "./CommandRow";
import type { Command } from "./commands";
import { panelWords as words } from "./panelWords";
import type { Hit, useSearch } from "./useSearch";

interface HitListProps {
  /** What the ids of list and options begin with. */
  id: string;
  /** What can be done that has the text in its name; above what was said. */
  commands: readonly Command[];
  search: ReturnType<typeof useSearch>;
  active: number;
  onPoint: (index: number) => void;
  onChoose: (choice: Command | Hit, aside: boolean) => void;
}

const FOOT = "shrink-0 border-t border-line px-4 py-2.5";

/** What was found, or why there is nothing. */
export function HitList({ id, commands, search, active, onPoint, onChoose }: HitListProps) {
  const { hits, text, error, data } = search;
  const isWhole = data?.pages.at(-1)?.is_whole ?? true;
  const more = search.hasNextPage;
  const told = text === "" || !data || search.isPlaceholderData ? "" : hits.length === 0 ? words.none(text) : words.found(hits.length, more);
  return (
    <>
      <p role="status" className="sr-only">
        {told}
      </p>
      {!isWhole && text !== "" ? (
        <p className="shrink-0 border-b border-line bg-wash px-4 py-2 text-[13px]/5 text-ink-soft">{words.reading}</p>
      ) : null}
      {error ? (
        <Failed why={error instanceof Unreachable ? words.unreachable : words.failed} onAgain={() => void search.refetch()} />
      ) : hits.length === 0 && (text !== "" || commands.length === 0) ? (
        <Nothing text={told === "" ? "" : text} waits={text !== "" && told === ""} />
      ) : null}
      <ul
        id={`${id}-list`}
        role="listbox"
        aria-label={words.results}
        onScroll={({ currentTarget: box }) => {
          const left = box.scrollHeight - box.scrollTop - box.clientHeight;
          if (left < 400 && more && !search.isFetchingNextPage) void search.fetchNextPage();
        }}
        className={`min-h-0 overflow-y-auto overscroll-contain p-1.5 ${hits.length + commands.length === 0 ? "hidden" : ""}`}
      >
        <Options {...{ id, commands, hits, active, onPoint, onChoose }} />
      </ul>
      {search.isFetchingNextPage ? <p className="p-3 text-center text-[13px]/5 text-ink-soft">{words.older}</p> : null}
      {text === "" && commands.length > 0 ? <p className={`${FOOT} text-[13px]/5 text-balance text-ink-soft`}>{words.hint}</p> : null}
      <div className={`${FOOT} text-xs/5 max-md:hidden`}>
        <KeyHints />
      </div>
    </>
  );
}

type OptionsProps = Omit<HitListProps, "search"> & { hits: readonly Hit[] };

/** In one row of numbers, by which the keys go. */
function Options({ id, commands, hits, active, onPoint, onChoose }: OptionsProps) {
  return (
    <>
      {commands.map((command, index) => (
        <CommandRow
          key={command.label}
          id={`${id}-${String(index)}`}
          command={command}
          active={index === active}
          onPoint={() => onPoint(index)}
          onChoose={() => onChoose(command, false)}
        />
      ))}
      {hits.map((hit, index) => (
        <HitRow
          key={`${hit.conversation} ${String(hit.seq)}`}
          id={`${id}-${String(commands.length + index)}`}
          hit={hit}
          active={commands.length + index === active}
          onPoint={() => onPoint(commands.length + index)}
          onChoose={(aside) => onChoose(hit, aside)}
        />
      ))}
    </>
  );
}

function KeyHints() {
  const { choose, open, close } = words.keys;
  return (
    <div className="flex gap-5 [&_dl]:gap-x-2">
      <KeyList keys={[["↑ ↓", choose]]} />
      <KeyList keys={[["Enter", open]]} />
      <KeyList keys={[["Esc", close]]} />
    </div>
  );
}

interface HitRowProps {
  id: string;
  hit: Hit;
  active: boolean;
  onPoint: () => void;
  /** `aside`: in a tab of its own. */
  onChoose: (aside: boolean) => void;
}

/** Who spoke with whom and when; below it the words, those that were looked for marked. */
function HitRow({ id, hit, active, onPoint, onChoose }: HitRowProps) {
  const { author, visitor, at, excerpt } = hit;
  return (
    <ListOption
      {...{ id, active, onPoint }}
      onChoose={(event) => onChoose(event.ctrlKey || event.metaKey)}
      onAuxClick={(event) => {
        if (event.button === 1) onChoose(true);
      }}
      className="flex gap-3 rounded-medium px-3 py-2.5"
    >
      <span className="shrink-0 pt-0.5">
        <Avatar role={author?.role ?? "visitor"} name={author?.name ?? visitor} size={24} />
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <Who hit={hit} />
          <When at={at} />
        </span>
        <span dir="auto" className="mt-0.5 line-clamp-2 text-left text-[13px]/5 [overflow-wrap:anywhere] text-ink-soft">
          {excerpt.map((piece, index) =>
            piece.marked ? (
              <mark key={index} className="rounded-[3px] bg-palm-soft font-semibold text-ink">
                {piece.text}
              </mark>
            ) : (
              piece.text
            ),
          )}
        </span>
      </span>
    </ListOption>
  );
}

/** The visitor whose conversation it is, and what of it was found, unless it is their own words. */
function Who({ hit: { visitor, author, kind } }: { hit: Hit }) {
  const { me } = useLive();
  const by = author && author.role !== "visitor" ? (author.id === me.id ? console.you : author.name || console.assistant) : null;
  const said = [words.kind[kind], by].filter((part) => part !== undefined && part !== null).join(" · ");
  return (
    <span className="flex min-w-0 flex-1 items-baseline gap-2">
      <bdi className="truncate font-medium">{visitor || console.someone}</bdi>
      {said ? <bdi className="shrink-0 truncate text-xs/5 text-ink-soft">{said}</bdi> : null}
    </span>
  );
}

function When({ at }: { at: string }) {
  const { client } = useLive();
  return (
    <time dateTime={at} title={fullTime(at)} className="shrink-0 text-xs/5 text-ink-soft tabular-nums">
      {rowTime(at, new Date(client.now()))}
    </time>
  );
}

function Nothing({ text, waits }: { text: string; waits: boolean }) {
  return (
    <div className="px-5 py-8 text-center max-md:flex-1">
      {text === "" ? (
        <p className={`mx-auto max-w-md text-balance text-ink-soft ${waits ? "invisible" : ""}`}>{words.hint}</p>
      ) : (
        <>
          <p className="font-medium [overflow-wrap:anywhere]">{words.none(text)}</p>
          <p className="mt-1 text-ink-soft">{words.noneLead}</p>
        </>
      )}
    </div>
  );
}

function Failed({ why, onAgain }: { why: string; onAgain: () => void }) {
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-5 py-6 text-center">
      <p>{why}</p>
      <Button onClick={onAgain}>{words.tryAgain}</Button>
    </div>
  );
}
