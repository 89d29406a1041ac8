import type { ContextPush } from "@havana/protocol";
import { useId, useRef, useState, type ComponentProps, type KeyboardEvent } from "react";

import { FormEnd, INPUT } from "../shell/fields";
import { isStillIn } from "./DetailField";
import { explain, isTaken, LONGEST, useWriteDown } from "./details";
import { about } from "./words";

interface AddDetailProps {
  visitor: string;
  told: ContextPush | null;
  onDone: (returning: boolean) => void;
}

/** A detail of the team's own: what it is, and what it says of this visitor. */
export function AddDetail({ visitor, told, onDone }: AddDetailProps) {
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const write = useWriteDown(visitor);
  const form = useRef<HTMLFormElement>(null);
  const second = useRef<HTMLInputElement>(null);
  const problem = useId();
  const taken = name.trim() !== "" && isTaken(name, told);
  const said = taken ? about.taken : write.error ? explain(write.error) : "";
  const savable = name.trim() !== "" && value.trim() !== "" && !taken;
  const save = () => {
    if (!savable) second.current?.focus();
    else write.mutate({ field: name, value, version: null }, { onSuccess: () => { onDone(isStillIn(form.current)); } });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onDone(true);
  };
  return (
    <form
      ref={form}
      aria-label={about.addOwn}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        if (!write.isPending) save();
      }}
      className="hv-appear mt-3 mb-2 flex flex-col gap-2"
    >
      <OwnInput autoFocus label={about.ownName} placeholder={about.ownNameLike} longest={LONGEST.field} value={name} onValue={setName} aria-describedby={problem} aria-invalid={taken} />
      <OwnInput ref={second} label={about.ownValue} placeholder={about.ownValue} longest={LONGEST.own} value={value} onValue={setValue} />
      <p id={problem} role="alert" className="text-[13px]/5 text-waiting empty:hidden">
        {said}
      </p>
      <FormEnd busy={write.isPending} savable onCancel={() => { onDone(true); }} />
    </form>
  );
}

interface OwnInputProps extends ComponentProps<"input"> {
  label: string;
  longest: number;
  onValue: (value: string) => void;
}

function OwnInput({ label, longest, onValue, ...field }: OwnInputProps) {
  return (
    <input
      {...field}
      dir="auto"
      autoComplete="off"
      aria-label={label}
      maxLength={longest}
      onChange={(event) => { onValue(event.target.value); }}
      className={`aria-invalid:border-waiting ${INPUT}`}
    />
  );
}
