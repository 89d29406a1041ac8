import { useEffect, useState } from "preact/hooks";

/** Shorter waits need no picture of a wait. */
const AFTER_MS = 150;

/** Where the conversation will be, while it is on its way. */
export function Skeleton() {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setShown(true);
    }, AFTER_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  if (!isShown) return null;
  return (
    <div aria-hidden="true" class="hv-appear flex flex-col gap-4">
      <div class="h-10 w-2/5 self-end rounded-large bg-sunken" />
      <div class="h-20 w-3/5 rounded-large bg-sunken" />
      <div class="h-10 w-1/3 self-end rounded-large bg-sunken" />
    </div>
  );
}
