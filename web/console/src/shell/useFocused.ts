import { useSyncExternalStore } from "react";

/** Whether somebody is looking at the page: it is in front, and has the keyboard. */
export function isFocused(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

/** Tells whenever that may have changed. */
export function onFocusChange(changed: () => void): () => void {
  addEventListener("focus", changed);
  addEventListener("blur", changed);
  document.addEventListener("visibilitychange", changed);
  return () => {
    removeEventListener("focus", changed);
    removeEventListener("blur", changed);
    document.removeEventListener("visibilitychange", changed);
  };
}

export function useFocused(): boolean {
  return useSyncExternalStore(onFocusChange, isFocused);
}
