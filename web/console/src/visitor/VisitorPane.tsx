import { Button, icons } from "@havana/ui";
import { lazy } from "react";

import { Later } from "../shell/Later";
import { words } from "../words";
import type { VisitorCardProps } from "./VisitorCard";

const VisitorCard = lazy(async () => ({ default: (await import("./VisitorCard")).VisitorCard }));

/** The right pane; what is in it comes a moment later. */
export function VisitorPane({ onClose, ...known }: VisitorCardProps & { onClose: () => void }) {
  return (
    <aside
      aria-label={words.visitor.heading}
      className="flex w-80 shrink-0 flex-col overflow-y-auto border-s border-line bg-surface max-xl:absolute max-xl:inset-y-0 max-xl:end-0 max-xl:z-20 max-xl:shadow-raised max-md:w-full max-md:border-0"
    >
      <header className="flex h-16 shrink-0 items-center justify-between ps-4 pe-2">
        <h2 className="font-medium text-ink-soft">{words.visitor.heading}</h2>
        <Button look="quiet" icon={icons.close} label={words.visitor.close} onClick={onClose} className="xl:hidden" />
      </header>
      <Later>
        <VisitorCard {...known} />
      </Later>
    </aside>
  );
}
