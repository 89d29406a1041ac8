import type { ChangeEvent, Item } from "@havana/protocol";
import { clockTime, fullTime, Icon, icons, type Outline } from "@havana/ui";

import { words } from "../words";
import { HandoverCard } from "./HandoverCard";
import { factLine } from "./lines";
import { MARKED } from "./marked";
import type { Fact } from "./rows";
import { useIsMarked } from "./usePlace";

/** What happened: a thin line with who, when and why; the hand-over note is a card for the team. */
export function FactRow({ item }: { item: Fact }) {
  const marked = useIsMarked(item.id);
  if (item.kind === "handover") return <HandoverCard item={item} />;
  return (
    <div
      data-item={item.id}
      data-fact={item.kind}
      tabIndex={-1}
      aria-current={marked ? "true" : undefined}
      className={`mt-4 rounded-medium text-center text-[13px]/5 text-ink-soft ${marked ? MARKED : "outline-none"}`}
    >
      <p className="inline-flex max-w-full items-center gap-1.5">
        <Icon outline={iconOf(item)} />
        <span className="min-w-0">
          <bdi>{factLine(item)}</bdi> · <Time at={item.at} />
        </span>
      </p>
      <Detail item={item} />
    </div>
  );
}

/** What the system said to the visitor, so that whoever takes over knows what they have read. */
export function ToldRow({ item }: { item: Extract<Item, { kind: "message" }> }) {
  return (
    <p data-item={item.id} className="mx-auto mt-1 max-w-lg text-center text-[13px]/5 text-balance text-ink-soft">
      {words.thread.told} <q dir="auto">{item.redacted ? words.message.removed : item.text}</q> · <Time at={item.at} />
    </p>
  );
}

function iconOf(item: Exclude<Fact, { kind: "handover" }>): Outline {
  if (item.kind === "contact") return icons.mail;
  if (item.kind === "routed") return icons.people;
  return item.kind === "rating" ? icons.message : CHANGE_ICON[item.change.kind];
}

const CHANGE_ICON: Record<ChangeEvent["kind"], Outline> = {
  human_requested: icons.clock,
  request_withdrawn: icons.palm,
  claimed: icons.person,
  transferred: icons.transfer,
  returned_to_queue: icons.queue,
  handed_back: icons.palm,
  closed: icons.done,
  reopened: icons.retry,
};

function Detail({ item }: { item: Exclude<Fact, { kind: "handover" }> }) {
  if (item.kind === "change" || item.kind === "routed") return null;
  if (item.redacted) return <p>{words.message.removed}</p>;
  if (item.kind === "rating") return item.text ? <p dir="auto">“{item.text}”</p> : null;
  return (
    <p>
      <bdi>{item.name}</bdi> · <bdi>{item.email}</bdi>
    </p>
  );
}

function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={fullTime(at)} className="tabular-nums">
      {clockTime(at)}
    </time>
  );
}
