import { useCallback, useEffect, useState } from "preact/hooks";

/** What a site tells everybody. */
export interface Site {
  readonly key: string;
  readonly name: string;
  readonly assistant: string;
  readonly greeting: string;
  readonly suggestions: readonly string[];
  /** Whether calls can be booked. */
  readonly call: boolean;
}

/** The site, `null` while it is being asked for, or "missing" if that failed; and how to ask again. */
export function useSite(key: string): [Site | null | "missing", () => void] {
  const [site, setSite] = useState<Site | null | "missing">(null);
  const ask = useCallback(() => {
    setSite(null);
    fetch(`/api/sites/${encodeURIComponent(key)}`)
      .then(async (answer) => (answer.ok ? ((await answer.json()) as Site) : "missing"))
      .then(setSite, () => {
        setSite("missing");
      });
  }, [key]);
  useEffect(ask, [ask]);
  return [site, ask];
}
