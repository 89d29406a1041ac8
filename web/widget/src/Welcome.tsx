import { Icon, icons, PalmMark } from "@havana/ui";

import type { Site } from "./site";
import { words } from "./words";

/** Before the first message: who is here, and what can be asked. */
export function Welcome({ site, ask }: { site: Site; ask: (text: string) => void }) {
  return (
    <div class="chat-scroll flex min-h-0 flex-1 overflow-y-auto px-4 sm:px-6">
      <div class="mx-auto my-auto flex w-full max-w-xl flex-col items-center py-8 text-center">
        <span class="text-palm">
          <PalmMark size={72} />
        </span>
        <h2 class="mt-3 text-2xl leading-8 font-semibold text-balance" dir="auto">
          {site.greeting}
        </h2>
        <p class="mt-2 text-sm leading-5 text-balance text-ink-soft">{words.isAssistant}</p>
        {site.suggestions.length > 0 ? (
          <ul class="mt-8 flex w-full flex-col gap-2" aria-label={words.ask}>
            {site.suggestions.map((suggestion) => (
              <li key={suggestion}>
                <button
                  type="button"
                  class="flex min-h-12 w-full items-center justify-between gap-3 rounded-large border border-line bg-surface px-4 py-2.5 text-start shadow-low transition-colors hover:border-palm hover:bg-palm-soft"
                  onClick={() => {
                    ask(suggestion);
                  }}
                >
                  <span dir="auto">{suggestion}</span>
                  <span class="-rotate-90 text-ink-soft">
                    <Icon outline={icons.chevron} />
                  </span>
                </button>
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </div>
  );
}
