import { Icon, icons, PalmMark } from "@havana/ui";

import { siteWords as say } from "./words";

/** The first screen of the chat, small. */
export function Preview({ name, greeting, suggestions }: { name: string; greeting: string; suggestions: readonly string[] }) {
  return (
    <figure className="flex flex-col gap-1.5">
      <figcaption className="font-medium">{say.preview}</figcaption>
      <div className="flex flex-1 flex-col overflow-hidden rounded-large border border-line bg-ground">
        <p dir="auto" className="truncate border-b border-line bg-surface px-3 py-2 text-left text-[13px]/5 font-medium">
          {name || "\u00a0"}
        </p>
        <div className="my-auto flex flex-col items-center px-3 py-5 text-center">
          <span className="text-palm">
            <PalmMark size={40} />
          </span>
          <p dir="auto" className="mt-2 text-[15px]/5 font-semibold text-balance [overflow-wrap:anywhere]">
            {greeting}
          </p>
          <ul className="mt-4 flex w-full flex-col gap-1.5">
            {suggestions.slice(0, 12).map((suggestion, at) => (
              <li key={at} className="flex items-center justify-between gap-2 rounded-medium border border-line bg-surface px-2.5 py-1.5 text-start text-xs/4">
                <span dir="auto" className="min-w-0 [overflow-wrap:anywhere]">{suggestion}</span>
                <span className="-rotate-90 text-ink-soft">
                  <Icon outline={icons.chevron} />
                </span>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </figure>
  );
}
