import type { ConversationStore } from "@havana/protocol";
import { Bubble, type BubbleLook, fullTime, Icon, icons, Markdown, PlainText, safeHref, Sources, TypingMark } from "@havana/ui";
import { memo, type ReactNode } from "react";

import { NoArticle } from "../knowledge/OpenQuestions";
import { words } from "../words";
import { explainRefusal } from "./actions";
import { CopyLink } from "./CopyLink";
import { MARKED } from "./marked";
import type { Speech } from "./rows";
import { useIsMarked } from "./usePlace";

interface SpeechBubbleProps {
  speech: Speech;
  tail: boolean;
  end: boolean;
  store: ConversationStore;
}

/** One bubble with what belongs under it: sources, or why it was not sent and the way out. */
export const SpeechBubble = memo(function SpeechBubble({ speech, tail, end, store }: SpeechBubbleProps) {
  const marked = useIsMarked(speech.id);
  const conversation = store.getSnapshot().id;
  return (
    <div
      tabIndex={-1}
      aria-current={marked ? "true" : undefined}
      data-item={speech.id}
      data-speech={speech.kind}
      data-role={speech.author.role}
      title={fullTime(speech.at)}
      className={`group/speech relative flex max-w-full flex-col outline-none ${end ? "items-end" : "items-start"}`}
    >
      <div className={`max-w-full rounded-large ${marked ? MARKED : ""}`}>
        <Bubble look={lookOf(speech)} tail={tail} side={end ? "end" : "start"}>
          <Said speech={speech} />
        </Bubble>
      </div>
      {speech.seq === null || conversation === null ? null : (
        <CopyLink conversation={conversation} seq={speech.seq} side={end ? "start" : "end"} />
      )}
      <Below speech={speech} store={store} />
    </div>
  );
});

function lookOf(speech: Speech): BubbleLook {
  if (speech.kind === "note") return "note";
  if (speech.author.role === "agent") return "own";
  return speech.author.role === "assistant" ? "assistant" : "other";
}

function Said({ speech }: { speech: Speech }): ReactNode {
  switch (speech.kind) {
    case "message":
      if (speech.redacted) return <Removed />;
      // A visitor's words are shown as typed; only our side writes Markdown on purpose.
      return speech.author.role === "visitor" ? <PlainText text={speech.text} /> : <Markdown text={speech.text} />;
    case "answer":
      if (speech.redacted) return <Removed />;
      if (speech.outcome === null && speech.text === "") return <TypingMark name={words.assistant} />;
      return <Markdown text={speech.text} streaming={speech.outcome === null} cited />;
    case "note":
      return (
        <div className="flex gap-2">
          <Icon outline={icons.lock} label={words.message.note} className="mt-0.5" />
          {speech.redacted ? <Removed /> : <Markdown text={speech.text} />}
        </div>
      );
    case "call":
      return <CallLink speech={speech} />;
  }
}

/** Visitors do not send the link, they press the button that brings it. */
function CallLink({ speech: { url, author } }: { speech: Extract<Speech, { kind: "call" }> }) {
  const href = safeHref(url);
  return (
    <p className="flex flex-wrap items-center gap-x-2">
      <Icon outline={icons.calendar} />
      {author.role === "visitor" ? words.message.pressed : null}
      {href ? (
        <a href={href} target="_blank" rel="noopener noreferrer" className="underline underline-offset-2">
          {words.message.call}
        </a>
      ) : (
        words.message.call
      )}
    </p>
  );
}

function Removed() {
  return <span className="italic opacity-70">{words.message.removed}</span>;
}

function Below({ speech, store }: { speech: Speech; store: ConversationStore }): ReactNode {
  if (speech.kind === "answer") {
    const cut = speech.outcome === "interrupted" || speech.outcome === "failed";
    return (
      <>
        {cut ? (
          <p className="mt-1 px-1 text-xs/4 text-ink-soft">
            {speech.outcome === "failed" ? words.message.failed : words.message.interrupted}
          </p>
        ) : null}
        <Sources sources={speech.sources} name={speech.answer} />
        <NoArticle answer={speech.answer} />
      </>
    );
  }
  if (speech.kind !== "message" || speech.status !== "refused") return null;
  return <NotSent speech={speech} store={store} />;
}

function NotSent({ speech, store }: { speech: Extract<Speech, { kind: "message" }>; store: ConversationStore }) {
  const { key } = speech;
  return (
    <p role="alert" className="mt-1 flex flex-wrap items-center justify-end gap-x-2 px-1 text-[13px]/5 text-waiting">
      <span>
        {words.message.notSent} {explainRefusal(speech.error)}
      </span>
      {key === null ? null : (
        <>
          <TextButton onClick={() => { store.retry(key); }}>{words.message.tryAgain}</TextButton>
          <TextButton onClick={() => { store.discard(key); }}>{words.message.discard}</TextButton>
        </>
      )}
    </p>
  );
}

function TextButton({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <button type="button" onClick={onClick} className="min-h-10 cursor-pointer rounded-small font-medium underline underline-offset-2 hover:decoration-2">
      {children}
    </button>
  );
}
