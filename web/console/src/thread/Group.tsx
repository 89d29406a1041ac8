import type { Author, ConversationStore } from "@havana/protocol";
import { Avatar, clockTime, fullTime } from "@havana/ui";

import { useLive } from "../shell/live";
import { words } from "../words";
import type { Speech } from "./rows";
import { SpeechBubble } from "./SpeechBubble";

interface GroupProps {
  author: Author;
  side: "visitor" | "team";
  speeches: Speech[];
  store: ConversationStore;
  /** How far these words have come, if they are the team's latest. */
  progress: "sending" | "seen" | null;
}

/** What one of us said in one go: one face, one name, one time. */
export function Group({ author, side, speeches, store, progress }: GroupProps) {
  const { me } = useLive();
  const end = side === "team";
  const last = speeches.at(-1);
  const name = author.role === "agent" && author.id === me.id ? words.you : author.name;
  return (
    <div className={`mt-4 flex max-w-[88%] gap-2 ${end ? "flex-row-reverse self-end" : "self-start"}`}>
      <span className="pt-1.5">
        <Avatar role={author.role} name={author.name} size={24} />
      </span>
      <div className={`flex min-w-0 flex-col gap-1 ${end ? "items-end" : "items-start"}`}>
        {speeches.map((speech) => (
          <SpeechBubble key={speech.id} speech={speech} tail={speech === speeches[0]} end={end} store={store} />
        ))}
        {last ? (
          <p className="px-1 text-xs/4 text-ink-soft">
            <bdi>{name || words.someone}</bdi> ·{" "}
            <time dateTime={last.at} title={fullTime(last.at)} className="tabular-nums">
              {clockTime(last.at)}
            </time>
            {progress ? ` · ${words.message[progress]}` : null}
          </p>
        ) : null}
      </div>
    </div>
  );
}
