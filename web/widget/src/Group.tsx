import type { Author, Item, Role } from "@havana/protocol";
import { Avatar, Bubble, fullTime, Icon, icons, Markdown, PlainText, safeHref, Sources, TypingMark } from "@havana/ui";
import { Fragment, type ComponentChildren } from "preact";

import type { Chat } from "./chat";
import { toComposer } from "./Composer";
import { isRefused, type Progress, type Row, type Speech } from "./rows";
import { Time } from "./Time";
import { words } from "./words";

interface GroupProps {
  row: Extract<Row, { kind: "group" }>;
  chat: Chat;
  /** What the assistant is called here. */
  assistant: string;
  /** Of whichever item it is. */
  progress: Progress | null;
}

/** What one side says in a row: one face, one name, one time. */
export function Group({ row, chat, assistant, progress }: GroupProps) {
  const last = row.items.at(-1);
  if (last === undefined) return null;
  const isWriting = last.kind === "answer" && last.outcome === null;
  if (row.own) {
    // The time stands below the last words that were not refused, above those that were.
    const footed = row.items.findLast((item) => !isRefused(item));
    return (
      <section aria-label={words.you} class="mt-4 flex flex-col items-end gap-1 ps-10 sm:ps-24">
        {row.items.map((item, i) => (
          <Fragment key={item.id}>
            <Own item={item} chat={chat} tail={i === 0} />
            {item === footed ? <Foot at={item.at}>{progress?.of === item.id ? words[progress.is] : null}</Foot> : null}
          </Fragment>
        ))}
      </section>
    );
  }
  return (
    <Theirs author={speaker(last, assistant)} at={isWriting ? null : last.at}>
      {row.items.map((item, i) => (
        <Their key={item.id} item={item} tail={i === 0} />
      ))}
    </Theirs>
  );
}

/** A call that the visitor asked for is ours to offer all the same. */
function speaker({ author }: Speech, assistant: string): TheirsProps["author"] {
  return author.role === "visitor" ? { role: "assistant", name: assistant } : author;
}

/** The assistant has not said anything yet, but it is going to. */
export function Thinking({ name }: { name: string }) {
  return (
    <Theirs author={{ role: "assistant", name }}>
      <Bubble look="assistant" tail>
        <TypingMark name={name} />
      </Bubble>
    </Theirs>
  );
}

export function TypingAgents({ authors }: { authors: readonly Author[] }) {
  return (
    <>
      {authors.map((author) => (
        <Theirs key={author.id} author={author}>
          <Bubble look="other" tail>
            <TypingMark name={author.name} />
          </Bubble>
        </Theirs>
      ))}
    </>
  );
}

interface TheirsProps {
  author: { readonly role: Role; readonly name: string };
  /** When it was said; left out while it is being written. */
  at?: string | null;
  children: ComponentChildren;
}

/** The face stands at the top and the name below, from the start: nothing moves while the words grow. */
function Theirs({ author, at = null, children }: TheirsProps) {
  return (
    <section aria-label={author.name} class="mt-4 grid grid-cols-[32px_1fr] gap-x-2 pe-6 sm:pe-16">
      <div class="pt-1">
        <Avatar role={author.role} name={author.name} size={32} />
      </div>
      <div class="flex min-w-0 flex-col items-start gap-1">
        {children}
        <p class={FOOT}>
          <bdi>{author.name}</bdi>
          {at === null ? null : (
            <>
              {" · "}
              <Time at={at} />
            </>
          )}
        </p>
      </div>
    </section>
  );
}

const FOOT = "px-1 text-xs leading-4 text-ink-soft tabular-nums";

function Foot({ at, children }: { at: string; children?: ComponentChildren }) {
  return (
    <p class={FOOT}>
      <Time at={at} />
      {children ? <span> · {children}</span> : null}
    </p>
  );
}

function Own({ item, chat, tail }: { item: Speech; chat: Chat; tail: boolean }) {
  if (item.kind !== "message") return null;
  if (item.redacted) return <Redacted />;
  return (
    <>
      <div title={fullTime(item.at)} class={`max-w-full ${item.status === "refused" ? "opacity-60" : ""}`}>
        <Bubble look="own" tail={tail}>
          <PlainText text={item.text} />
        </Bubble>
      </div>
      {item.status === "refused" ? <NotSent item={item} chat={chat} /> : null}
    </>
  );
}

function NotSent({ item, chat }: { item: Extract<Item, { kind: "message" }>; chat: Chat }) {
  const { key } = item;
  if (key === null) return null;
  const acted = (act: "retry" | "discard") => () => {
    chat.conversation[act](key);
    toComposer();
  };
  const button = "min-h-10 rounded-small px-1 font-medium underline underline-offset-2 hover:decoration-2";
  return (
    <p role="alert" class="flex flex-wrap items-center justify-end gap-x-2 px-1 text-sm leading-5 text-waiting">
      <Icon outline={icons.warning} />
      {words.notSent} {item.error?.message}
      <button type="button" class={button} onClick={acted("retry")}>
        {words.tryAgain}
      </button>
      <button type="button" class={`${button} text-ink-soft`} onClick={acted("discard")}>
        {words.discard}
      </button>
    </p>
  );
}

function Their({ item, tail }: { item: Speech; tail: boolean }) {
  switch (item.kind) {
    case "call":
      return <CallCard url={item.url} />;
    case "message":
      return item.redacted ? (
        <Redacted />
      ) : (
        <div class="max-w-full" title={fullTime(item.at)}>
          <Bubble look="other" tail={tail}>
            <Markdown text={item.text} />
          </Bubble>
        </div>
      );
    case "answer":
      return item.redacted ? <Redacted /> : <Answer item={item} tail={tail} />;
  }
}

function Answer({ item, tail }: { item: Extract<Item, { kind: "answer" }>; tail: boolean }) {
  const isWriting = item.outcome === null;
  const cut = item.outcome === "interrupted" ? words.interrupted : item.outcome === "failed" ? words.failed : null;
  return (
    <div class="max-w-full" title={isWriting ? undefined : fullTime(item.at)}>
      <Bubble look="assistant" tail={tail}>
        {isWriting && item.text === "" ? (
          <TypingMark name={item.author.name} />
        ) : (
          <Markdown text={item.text} streaming={isWriting} cited={isWriting || item.sources.length > 0} />
        )}
      </Bubble>
      {cut === null ? null : <p class="px-1 pt-1 text-sm leading-5 text-ink-soft">{cut}</p>}
      <Sources sources={item.sources} name={item.id} />
    </div>
  );
}

function CallCard({ url }: { url: string }) {
  const href = safeHref(url);
  return (
    <div class="flex w-full max-w-sm flex-col gap-3 rounded-large border border-line bg-surface p-4 shadow-low">
      <div class="flex items-center gap-3">
        <span class="grid size-10 shrink-0 place-items-center rounded-medium bg-palm-soft text-palm">
          <Icon outline={icons.calendar} size={20} />
        </span>
        <div>
          <p class="font-medium">{words.callTitle}</p>
          <p class="text-sm leading-5 text-ink-soft">{words.callWhat}</p>
        </div>
      </div>
      {href === null ? null : (
        <a
          href={href}
          target="_blank"
          rel="noopener"
          class="inline-flex min-h-11 items-center justify-center gap-2 rounded-medium bg-palm px-4 font-medium text-palm-ink transition-colors hover:bg-palm-deep"
        >
          {words.callOpen}
          <Icon outline={icons.external} />
        </a>
      )}
    </div>
  );
}

function Redacted() {
  return <p class="rounded-large border border-dashed border-line px-3.5 py-2 text-sm text-ink-soft italic">{words.redacted}</p>;
}
