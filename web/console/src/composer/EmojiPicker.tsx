import { EmojiPicker as Picker, type EmojiPickerListComponents } from "frimousse";

import { emoji as words } from "./emojiWords";

declare const __EMOJI__: string;

const PARTS: EmojiPickerListComponents = {
  CategoryHeader: ({ category, ...rest }) => (
    <div {...rest} className="bg-raised px-3 pt-2 pb-1 text-xs/4 font-medium text-ink-soft">
      {category.label}
    </div>
  ),
  Row: ({ children, ...rest }) => (
    <div {...rest} aria-rowindex={counted(rest["aria-rowindex"])} className="px-2">
      {children}
    </div>
  ),
  Emoji: ({ emoji, ...rest }) => (
    <button
      {...rest}
      aria-colindex={counted(rest["aria-colindex"])}
      type="button"
      title={emoji.label}
      className="grid size-8.5 cursor-pointer place-items-center rounded-small text-xl/none data-active:bg-wash"
    >
      {emoji.emoji}
    </button>
  ),
};

/** ARIA counts from one, the library from zero. */
function counted(index: number | undefined): number | undefined {
  return index === undefined ? undefined : index + 1;
}

/** Rejects if there is no list of emoji to choose from: the library would go on loading it without a word. */
export async function listed(): Promise<void> {
  const answer = await fetch(`${__EMOJI__}/en/data.json`);
  if (!answer.ok) throw new Error(`The list of emoji was refused: ${String(answer.status)}`);
}

/** Found by a word or by looking; arrows and Enter work in either way. The last file of the page to be downloaded. */
export function EmojiPicker({ onTake }: { onTake: (emoji: string) => void }) {
  return (
    <Picker.Root locale="en" emojibaseUrl={__EMOJI__} columns={9} onEmojiSelect={({ emoji }) => onTake(emoji)} className="flex min-h-0 flex-1 flex-col">
      <Picker.Search
        autoFocus
        aria-label={words.search}
        placeholder={words.search}
        className="m-2 h-10 shrink-0 rounded-medium border border-line bg-surface px-3 outline-none placeholder:text-ink-soft focus-visible:border-palm"
      />
      <Picker.Viewport className="relative min-h-0 flex-1 overflow-y-auto overscroll-contain">
        <Picker.Loading className="absolute inset-0 grid place-items-center text-ink-soft">{words.loading}</Picker.Loading>
        <Picker.Empty className="absolute inset-0 grid place-items-center p-4 text-center text-ink-soft">{words.none}</Picker.Empty>
        <Picker.List components={PARTS} className="pb-2 select-none" />
      </Picker.Viewport>
      <p className="flex h-9 shrink-0 items-center justify-between gap-2 border-t border-line ps-3 pe-1 text-[13px]/5 text-ink-soft">
        <Picker.ActiveEmoji>{({ emoji }) => <span className="truncate">{emoji ? emoji.label : words.choose}</span>}</Picker.ActiveEmoji>
        <Picker.SkinToneSelector aria-label={words.tone} title={words.tone} className="grid size-8 cursor-pointer place-items-center rounded-small text-lg/none hover:bg-wash" />
      </p>
    </Picker.Root>
  );
}
