import * as Popover from "@radix-ui/react-popover";
import type { ReactNode } from "react";

import { ListOption } from "../shell/ListOption";
import { RouteLink } from "../shell/RouteLink";
import { words } from "../words";
import { at, NEW_CANNED } from "./place";
import type { Choice, Slash } from "./useSlash";

/** Above what it is around: the canned answers that a slash looks for. The keys stay in the field. */
export function CannedList({ slash, children }: { slash: Slash; children: ReactNode }) {
  const { isOpen, isEmpty, choices } = slash;
  return (
    <Popover.Root open={isOpen || isEmpty} onOpenChange={slash.close}>
      <Popover.Anchor asChild>{children}</Popover.Anchor>
      <p aria-live="polite" className="sr-only">
        {isOpen ? words.canned.found(choices.length) : isEmpty ? words.canned.none : ""}
      </p>
      <Popover.Portal>
        <Popover.Content
          role="group"
          aria-label={words.canned.heading}
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          onOpenAutoFocus={stay}
          onCloseAutoFocus={stay}
          onFocusOutside={stay}
          // A press here must not take the focus from the field, which would close the list before it counts.
          onMouseDown={stay}
          className="hv-appear z-30 flex max-h-[min(20rem,var(--radix-popover-content-available-height))] w-(--radix-popover-trigger-width) max-w-2xl flex-col overflow-hidden rounded-medium border border-line bg-raised shadow-raised"
        >
          {isEmpty ? <None /> : <Choices slash={slash} />}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function stay(event: { preventDefault: () => void }): void {
  event.preventDefault();
}

function None() {
  return (
    <div className="flex items-center gap-3 py-1 ps-4 pe-2">
      <p className="flex-1 py-2">
        <span className="block font-medium">{words.canned.none}</span>
        <span className="block text-[13px]/5 text-ink-soft">{words.canned.noneLead}</span>
      </p>
      <Manage item={NEW_CANNED}>{words.canned.writeOne}</Manage>
    </div>
  );
}

function Choices({ slash: { listId, optionId, choices, active, choose, point } }: { slash: Slash }) {
  return (
    <>
      <div className="flex items-center justify-between border-b border-line ps-3.5 pe-1 text-[13px]/5 text-ink-soft">
        <h3 className="font-medium">{words.canned.heading}</h3>
        <Manage>{words.canned.manage}</Manage>
      </div>
      <ul id={listId} role="listbox" aria-label={words.canned.list} className="min-h-0 overflow-y-auto overscroll-contain p-1">
        {choices.map((choice, index) => (
          <Option
            key={choice.answer.id}
            id={optionId(index)}
            choice={choice}
            active={index === active}
            onChoose={() => { choose(choice); }}
            onPoint={() => { point(index); }}
          />
        ))}
      </ul>
    </>
  );
}

interface OptionProps {
  id: string;
  choice: Choice;
  active: boolean;
  onChoose: () => void;
  onPoint: () => void;
}

function Option({ id, choice: { answer, text }, active, onChoose, onPoint }: OptionProps) {
  return (
    <ListOption {...{ id, active, onPoint, onChoose }} className="rounded-small px-2.5 py-1.5 pointer-coarse:py-2.5">
      <span dir="auto" className="block truncate text-left font-medium">
        {answer.name}
      </span>
      <span dir="auto" className="block truncate text-left text-[13px]/5 text-ink-soft">
        {text.replaceAll(/\s+/g, " ")}
      </span>
    </ListOption>
  );
}

function Manage({ item = null, children }: { item?: string | null; children: string }) {
  return (
    <RouteLink to={at(item)} className="inline-flex h-10 items-center rounded-small px-2.5 text-[13px] font-medium text-ink-soft hover:text-ink hover:underline hover:underline-offset-2">
      {children}
    </RouteLink>
  );
}
