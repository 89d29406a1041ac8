import type { Looker } from "@havana/protocol";
import { Avatar, Icon, icons } from "@havana/ui";

import { useLive } from "../shell/live";
import { useStore } from "../shell/useStore";
import { words } from "../words";
import { byUrgency, doing } from "./colleagues";

const IN_SIGHT = 3;

/** The colleagues who have this conversation on screen, so that nobody answers twice. */
export function Faces({ id }: { id: string }) {
  const { client } = useLive();
  const lookers = byUrgency(useStore(client.looking.at(id)));
  const more = lookers.length - IN_SIGHT;
  return (
    <div className="flex shrink-0 items-center">
      {/* One region that is always there, so that a change in it is read out. */}
      <p role="status" className="sr-only">
        {lookers.map((looker) => `${doing(looker)}.`).join(" ")}
      </p>
      <ul aria-hidden="true" className="flex items-center -space-x-1.5 rtl:space-x-reverse @2xl:space-x-1">
        {lookers.slice(0, IN_SIGHT).map((looker) => (
          <Face key={looker.id} looker={looker} />
        ))}
      </ul>
      {more > 0 ? (
        <span
          aria-hidden="true"
          title={lookers.slice(IN_SIGHT).map(doing).join("\n")}
          className="ps-1 text-xs/4 text-ink-soft tabular-nums"
        >
          {words.presence.more(more)}
        </span>
      ) : null}
    </div>
  );
}

function Face({ looker }: { looker: Looker }) {
  return (
    <li
      title={doing(looker)}
      className="hv-appear flex items-center rounded-full bg-person-soft text-person ring-2 ring-surface"
      data-face={looker.name}
    >
      <Avatar role="agent" name={looker.name} size={24} />
      {looker.writing === null ? null : (
        <Icon outline={looker.writing === "note" ? icons.note : icons.pencil} className="me-1.5 hidden @2xl:block" />
      )}
    </li>
  );
}

/** Right above the field where one would answer: who does so already. What is read out is said by the faces. */
export function Writers({ id }: { id: string }) {
  const { client } = useLive();
  const [first, ...others] = byUrgency(useStore(client.looking.at(id))).filter(({ writing }) => writing !== null);
  if (!first) return null;
  return (
    <p
      aria-hidden="true"
      className="hv-appear flex items-center gap-2 px-2 pb-1.5 text-[13px]/5 text-ink-soft"
    >
      <Avatar role="agent" name={first.name} size={24} />
      <span dir="auto" className="min-w-0 truncate">
        {[first, ...others].map(doing).join(" · ")}
      </span>
    </p>
  );
}
