import { Button, icons } from "@havana/ui";
import * as Popover from "@radix-ui/react-popover";
import { lazy, useState, type RefObject } from "react";

import { insertText } from "../canned/insertText";
import { Later } from "../shell/Later";
import { words } from "../words";

const EmojiPicker = lazy(async () => {
  const picker = await import("./EmojiPicker");
  await picker.listed();
  return { default: picker.EmojiPicker };
});

/** For those whose keyboard has none: puts one where the caret is, and the words go on behind it. */
export function EmojiButton({ field }: { field: RefObject<HTMLTextAreaElement | null> }) {
  const [open, setOpen] = useState(false);
  const take = (emoji: string) => {
    setOpen(false);
    const { current } = field;
    if (current) insertText(current, current.selectionStart, current.selectionEnd, emoji);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Anchor asChild>
        <span className="max-md:hidden">
          <Button look="quiet" icon={icons.smile} label={words.composer.emoji} expanded={open} onClick={() => setOpen(!open)} />
        </span>
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          aria-label={words.composer.emoji}
          side="top"
          align="end"
          sideOffset={8}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            // Whatever was chosen, or nothing: the words go on.
            event.preventDefault();
            field.current?.focus();
          }}
          className="hv-appear z-30 flex h-84 w-80 flex-col rounded-medium border border-line bg-raised shadow-raised outline-none"
        >
          <Later>
            <EmojiPicker onTake={take} />
          </Later>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
