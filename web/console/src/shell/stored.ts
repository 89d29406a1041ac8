import { useState } from "react";

/** One of several that this browser remembers. */
export function useStoredChoice<T extends string>(name: string, choices: readonly T[], otherwise: T): [T, (value: T) => void] {
  const [value, setValue] = useState(() => choices.find((choice) => choice === read(name)) ?? otherwise);
  const store = (next: T) => {
    setValue(next);
    write(name, next);
  };
  return [value, store];
}

/** A yes or no that this browser remembers; `otherwise` where nothing is stored or storing is not allowed. */
export function useStoredFlag(name: string, otherwise: boolean): [boolean, (value: boolean) => void] {
  const [value, store] = useStoredChoice(name, YES_OR_NO, otherwise ? "yes" : "no");
  return [
    value === "yes",
    (next) => {
      store(next ? "yes" : "no");
    },
  ];
}

const YES_OR_NO = ["yes", "no"] as const;

/** What a browser refuses to store, as in some private windows: it lasts as long as the page. */
const unstored = new Map<string, string>();

/** What is remembered under this name, in this moment. */
export function read(name: string): string | null {
  try {
    return localStorage.getItem(`havana.${name}`) ?? unstored.get(name) ?? null;
  } catch {
    return unstored.get(name) ?? null;
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(`havana.${name}`, value);
  } catch {
    unstored.set(name, value);
  }
}
