import { useState } from "react";

/** A yes or no that this browser remembers; `otherwise` where nothing is stored or storing is not allowed. */
export function useStoredFlag(name: string, otherwise: boolean): [boolean, (value: boolean) => void] {
  const [value, setValue] = useState(() => read(name) ?? otherwise);
  const store = (next: boolean) => {
    setValue(next);
    try {
      localStorage.setItem(`havana.${name}`, next ? "yes" : "no");
    } catch {
      // Private windows may refuse; the choice then lasts as long as the page.
    }
  };
  return [value, store];
}

function read(name: string): boolean | null {
  try {
    const stored = localStorage.getItem(`havana.${name}`);
    return stored === null ? null : stored === "yes";
  } catch {
    return null;
  }
}
