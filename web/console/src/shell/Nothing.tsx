import { Icon } from "@havana/ui";

import { useLive } from "./live";
import { useStore } from "./useStore";
import { words } from "../words";

/** What stands where a conversation would. */
export function Nothing() {
  const { client } = useLive();
  const { status, conversations } = useStore(client.inbox);
  if (status === "loading") return null;
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-2 p-6 text-center">
      <span className="text-ink-soft/60">
        <Icon name={conversations.length === 0 ? "palm" : "message"} size={24} />
      </span>
      <p className="font-medium">{conversations.length === 0 ? words.inbox.empty : words.thread.none}</p>
      {conversations.length === 0 ? null : <p className="text-ink-soft">{words.thread.noneLead}</p>}
    </div>
  );
}
