import { Button, Icon, icons } from "@havana/ui";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";

import { navigate, pathOf, type Route } from "../shell/route";
import { useSites } from "../shell/sites";
import { matching, useCommands, type Command } from "./commands";
import { HitList } from "./HitList";
import { panelWords as words } from "./panelWords";
import { useSearch, type Hit } from "./useSearch";

/** What can be done and everything that was said, found while one types. Above the page, which waits. */
export function SearchPanel({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  // Told at once: the browser tells it a moment later, when it may stand open again.
  const close = () => {
    dialog.current?.close();
    onClose();
  };
  return (
    <dialog
      ref={dialog}
      aria-label={words.label}
      onClose={onClose}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      // Beside it is the dialog itself.
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
      className="hv-appear m-0 mx-auto mt-[12dvh] max-h-[76dvh] w-[min(42rem,calc(100vw-2rem))] overflow-hidden rounded-large border border-line bg-raised p-0 text-ink shadow-raised backdrop:bg-ink/25 open:flex max-md:mt-0 max-md:h-dvh max-md:max-h-none max-md:w-screen max-md:max-w-none max-md:rounded-none max-md:border-0 dark:backdrop:bg-ground/60"
    >
      <Search onDone={close} />
    </dialog>
  );
}

function Search({ onDone }: { onDone: () => void }) {
  const id = useId();
  const [text, setText] = useState("");
  const [site, setSite] = useState<string | null>(null);
  const search = useSearch(text, site);
  const commands = matching(useCommands(), text);
  const choose = choosing(onDone);
  const choices = [...commands, ...search.hits];
  const { active, setActive, onKeyDown } = useChoice(choices, search, choose);
  return (
    <div className="flex min-h-0 w-full flex-col">
      <div className="flex shrink-0 items-center gap-2 border-b border-line ps-4 pe-2">
        <Icon outline={icons.search} size={20} className="shrink-0 text-ink-soft" />
        <input
          type="text"
          role="combobox"
          dir="auto"
          aria-label={words.label}
          aria-expanded={choices.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={choices[active] ? `${id}-${String(active)}` : undefined}
          placeholder={words.placeholder}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="search"
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="h-14 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-ink-soft"
        />
        <SiteField site={site} onSite={setSite} />
        <Button look="quiet" icon={icons.close} label={words.close} onClick={onDone} />
      </div>
      <HitList {...{ id, commands, search, active, onPoint: setActive, onChoose: choose }} />
    </div>
  );
}

/** Does what was chosen, or leads there; `aside` in a tab of its own. */
function choosing(onDone: () => void) {
  return (choice: Choice, aside: boolean) => {
    if ("run" in choice) {
      onDone();
      choice.run();
      return;
    }
    const { conversation, seq } = choice;
    const place: Route = { page: "inbox", conversation, ...(seq === null ? {} : { at: seq }) };
    if (aside) {
      open(pathOf(place), "_blank", "noopener");
      return;
    }
    // First, for it gives the focus back to where it was.
    onDone();
    navigate(place);
  };
}

type Searched = ReturnType<typeof useSearch>;
type Choice = Command | Hit;

/** Which of all that there is to choose from the keys are at. At the last one the next page is asked for. */
function useChoice(choices: readonly Choice[], search: Searched, onChoose: (choice: Choice, aside: boolean) => void) {
  const [chosen, setActive] = useState(0);
  const last = choices.length - 1;
  const active = Math.min(chosen, Math.max(last, 0));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const choice = choices[active];
    if (event.key === "Enter" && choice) {
      event.preventDefault();
      onChoose(choice, event.ctrlKey || event.metaKey);
    }
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setActive(Math.max(0, Math.min(active + by, last)));
    if (active + by >= last && search.hasNextPage && !search.isFetchingNextPage) void search.fetchNextPage();
  };
  return { active, setActive, onKeyDown };
}

/** Where there is more than one website. */
function SiteField({ site, onSite }: { site: string | null; onSite: (site: string | null) => void }) {
  const sites = useSites().data ?? [];
  if (sites.length < 2) return null;
  return (
    <select
      aria-label={words.site}
      value={site ?? ""}
      onChange={({ target }) => onSite(target.value || null)}
      className="h-10 max-w-40 min-w-0 rounded-medium border border-line bg-surface px-2 text-[13px] pointer-coarse:h-11 max-md:max-w-28"
    >
      <option value="">{words.allSites}</option>
      {sites.map(({ key, name }) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  );
}
