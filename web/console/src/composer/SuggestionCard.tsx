import type { Suggestion } from "@havana/protocol";
import { Button, Icon, icons, Markdown, Sources, TypingMark } from "@havana/ui";

import { explainRefusal } from "../thread/actions";
import { words } from "../words";

interface SuggestionCardProps {
  suggestion: Suggestion;
  /** Tells one card's sources from another's. */
  name: string;
  /** Puts it into the field, where it is edited and sent, or not. */
  onTake: () => void;
  onAgain: () => void;
  onDrop: () => void;
}

/** What the assistant has written for the agent, above the field. Only they see it, and it goes nowhere by itself. */
export function SuggestionCard({ suggestion, name, onTake, onAgain, onDrop }: SuggestionCardProps) {
  const { what, status, text } = suggestion;
  const say = words.suggestion;
  return (
    <section
      aria-label={say.label}
      aria-busy={status === "writing"}
      data-suggestion={status}
      className="hv-appear mb-2 rounded-large border border-dashed border-assistant/50 bg-assistant-soft shadow-low"
    >
      <header className="flex items-center gap-2 ps-3.5 pe-1.5 pt-1.5 text-[13px]/5 text-assistant">
        <Icon outline={icons.palm} />
        <h3 className="min-w-0 flex-1 font-medium">
          {say[what]} <span className="font-normal text-ink-soft">· {say.onlyYou}</span>
        </h3>
        <Button look="quiet" icon={icons.close} label={say.dismiss} onClick={onDrop} />
      </header>
      <div aria-live="polite" className="max-h-56 overflow-y-auto px-3.5 pb-1 text-[15px]/6 text-ink max-md:max-h-40">
        <Body suggestion={suggestion} />
      </div>
      <footer className="flex items-start gap-2 px-3.5 pt-1 pb-3">
        {status === "failed" ? <Button icon={icons.retry} onClick={onAgain}>{words.message.tryAgain}</Button> : null}
        {status === "done" && text ? (
          <Button icon={icons.down} onClick={onTake}>{what === "reply" ? say.insert : say.replace}</Button>
        ) : null}
        <div className="min-w-0 flex-1">
          <Sources sources={suggestion.sources} name={name} />
        </div>
      </footer>
    </section>
  );
}

function Body({ suggestion: { status, text, error } }: { suggestion: Suggestion }) {
  if (status === "failed") {
    return (
      <p role="alert" className="text-waiting">
        {explainRefusal(error)}
      </p>
    );
  }
  if (text === "") return status === "writing" ? <TypingMark name={words.assistant} /> : <p className="text-ink-soft">{words.suggestion.nothing}</p>;
  return <Markdown text={text} streaming={status === "writing"} cited />;
}
