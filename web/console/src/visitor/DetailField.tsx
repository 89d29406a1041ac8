import type { Detail } from "@havana/protocol";
import { Button } from "@havana/ui";
import { useId, useRef, useState, type FocusEvent, type KeyboardEvent } from "react";

import { FIELD, INPUT } from "../shell/fields";
import { Outdated } from "../shell/versions";
import { explain, useWriteDown } from "./details";
import { about } from "./words";

interface DetailFieldProps {
  visitor: string;
  field: string;
  label: string;
  detail: Detail | undefined;
  lines: boolean;
  longest: number;
  /** `written` is what stands there now, undefined if nothing was changed; `returning`: the keyboard was here. */
  onDone: (written: Detail | null | undefined, returning: boolean) => void;
}

/** The one field in which a detail is changed. */
export function DetailField(props: DetailFieldProps) {
  const { label, lines, longest } = props;
  const { text, setText, write, outdated, save, leave, heard } = useChanging(props);
  const hint = useId();
  const how = {
    autoFocus: true,
    dir: "auto" as const,
    "aria-label": label,
    "aria-describedby": hint,
    "aria-invalid": write.isError,
    autoComplete: "off",
    maxLength: longest,
    readOnly: write.isPending,
    value: text,
  };
  return (
    <div className="min-w-0 flex-1" {...heard}>
      {lines ? (
        <textarea {...how} rows={4} onChange={(event) => { setText(event.target.value); }} className={`block resize-y py-2 aria-invalid:border-waiting ${FIELD}`} />
      ) : (
        <input {...how} onFocus={(event) => { event.target.select(); }} onChange={(event) => { setText(event.target.value); }} className={`aria-invalid:border-waiting ${INPUT}`} />
      )}
      <p id={hint} className="mt-1 text-xs/4 font-normal text-ink-soft">
        {lines ? about.keysOfLines : about.keys}
      </p>
      {write.error ? (
        <div role="alert" className="hv-appear mt-1 text-[13px]/5 font-normal [overflow-wrap:anywhere]">
          <p className="text-waiting">{explain(write.error)}</p>
          {outdated ? (
            <div className="mt-1.5 flex flex-wrap gap-2">
              <Button onClick={() => { save(true, outdated.newest?.version ?? null); }}>{about.replace}</Button>
              <Button look="quiet" onClick={leave}>
                {about.keep}
              </Button>
            </div>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

/** Enter saves, and so does going elsewhere; Escape leaves it as it was. Over somebody else's words only a button saves. */
function useChanging({ visitor, field, detail, lines, onDone }: DetailFieldProps) {
  const [text, setText] = useState(detail?.value ?? "");
  const [begun] = useState(detail);
  const write = useWriteDown(visitor);
  const over = useRef(false);
  const box = useRef<HTMLDivElement>(null);
  const outdated = write.error instanceof Outdated ? (write.error as Outdated<Detail>) : null;
  const end = (written: Detail | null | undefined, returning: boolean) => {
    over.current = true;
    onDone(written, returning);
  };
  const leave = () => { end(undefined, true); };
  const save = (returning: boolean, version: string | null = begun?.version ?? null) => {
    if (text.trim() === (begun?.value ?? "")) end(undefined, returning);
    else write.mutate({ field, value: text, version }, { onSuccess: (written) => { end(written, returning && isStillIn(box.current)); } });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method is open, the keys are its; on a button they press it.
    if (event.nativeEvent.isComposing) return;
    const saves = event.key === "Enter" && !(lines && event.shiftKey) && !(event.target instanceof HTMLButtonElement);
    if (!saves && event.key !== "Escape") return;
    event.preventDefault();
    if (!saves) leave();
    else if (!write.isPending && !outdated) save(true);
  };
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent) => {
    if (write.isPending || write.isError || currentTarget.contains(relatedTarget)) return;
    afterPress(() => {
      if (!over.current && !currentTarget.contains(document.activeElement)) save(false);
    });
  };
  return { text, setText, write, outdated, save, leave, heard: { ref: box, onKeyDown, onBlur } };
}

/** Whether whoever saved has not gone on to something else meanwhile. */
export function isStillIn(box: HTMLElement | null): boolean {
  return document.activeElement === document.body || box?.contains(document.activeElement) === true;
}

/** What is being pressed stays where it is until it is let go; without a pointer at once. */
function afterPress(work: () => void): void {
  if (!document.querySelector(":active")) work();
  else addEventListener("pointerup", () => setTimeout(work), { once: true });
}
