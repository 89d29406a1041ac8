import { useCallback, useState } from "react";

import { explainRefusal } from "./actions";

/** Carries out a command and says whether it was; a refusal is kept in words (`explain`) until the next command. */
export type Act = (command: () => Promise<unknown>, explain?: (error: unknown) => string) => Promise<boolean>;

export function useActing(): { act: Act; notice: string | null; dismiss: () => void } {
  const [notice, setNotice] = useState<string | null>(null);
  const act = useCallback<Act>(async (command, explain = explainRefusal) => {
    setNotice(null);
    try {
      await command();
      return true;
    } catch (error) {
      setNotice(explain(error));
      return false;
    }
  }, []);
  const dismiss = useCallback(() => setNotice(null), []);
  return { act, notice, dismiss };
}
