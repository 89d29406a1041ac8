import { Button } from "@havana/ui";
import { useState } from "react";

import { INPUT, Labelled } from "../shell/fields";
import { words } from "../words";
import { peopleWords as say } from "./peopleWords";

/** To how many somebody is given conversations as long as nobody has said so. */
const USUAL = 4;
const MOST = 12;

interface CapacityProps {
  name: string;
  capacity: number | null;
  /** Null: it stays as it is. */
  onDone: (capacity: number | null) => void;
}

/** In place of somebody's row: how many conversations at once they are given. */
export function Capacity({ name, capacity, onDone }: CapacityProps) {
  const [chosen, setChosen] = useState(capacity ?? USUAL);
  const choices = Array.from({ length: MOST + 1 }, (_, number) => number);
  return (
    <li className="px-4 py-3">
      <form
        className="flex flex-wrap items-end gap-x-4 gap-y-2"
        onSubmit={(event) => {
          event.preventDefault();
          onDone(chosen);
        }}
      >
        <div className="min-w-0 flex-1 basis-64">
          <Labelled label={say.capacityOf(name)} hint={say.capacityHint}>
            {(field) => (
              <select {...field} autoFocus value={chosen} onChange={(event) => setChosen(Number(event.target.value))} className={INPUT}>
                {(choices.includes(chosen) ? choices : [...choices, chosen]).map((number) => (
                  <option key={number} value={number}>
                    {number}
                  </option>
                ))}
              </select>
            )}
          </Labelled>
        </div>
        <span className="ms-auto flex gap-2">
          <Button onClick={() => onDone(null)}>{words.cancel}</Button>
          <Button type="submit" look="primary">
            {say.save}
          </Button>
        </span>
      </form>
    </li>
  );
}
