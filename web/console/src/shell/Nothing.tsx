import { Button, Icon, icons, PalmMark } from "@havana/ui";
import type { ReactNode } from "react";

import { VisitorsPage } from "../inbox/Inbox";
import { useQueue, type InboxView } from "../inbox/useInbox";
import { EVERYTHING } from "../inbox/views";
import { words } from "../words";
import { KeyList } from "./KeyList";
import { navigate } from "./route";

/** What stands where a conversation would: one thing to learn, one thing to do. */
export function Nothing({ shown }: { shown: InboxView }) {
  const queue = useQueue();
  if (shown.list.status === "loading" || queue.status === "loading") return null;
  const [longest, ...others] = queue.conversations;
  if (shown.view === "open" && shown.narrowed === EVERYTHING && shown.list.conversations.length === 0) {
    return (
      <Teaching sign={<PalmMark size={28} />} heading={words.nothing.quiet} lead={words.inbox.emptyLead}>
        <VisitorsPage />
      </Teaching>
    );
  }
  if (longest) {
    const open = () => navigate({ page: "inbox", conversation: longest.conversation });
    return (
      <Teaching sign={<Icon outline={icons.clock} size={24} />} heading={words.nothing.waiting(others.length + 1)} lead={words.nothing.waitingLead}>
        <Button look="primary" onClick={open}>
          {words.nothing.openLongest}
        </Button>
      </Teaching>
    );
  }
  return (
    <Teaching sign={<Icon outline={icons.message} size={24} />} heading={words.thread.none} lead={words.thread.noneLead}>
      <div className="max-sm:hidden">
        <KeyList keys={words.help.slice(0, 4)} />
      </div>
    </Teaching>
  );
}

interface TeachingProps {
  sign: ReactNode;
  heading: string;
  lead: string;
  children: ReactNode;
}

function Teaching({ sign, heading, lead, children }: TeachingProps) {
  return (
    <div className="flex flex-1 flex-col items-center justify-center p-6 text-center">
      <span className="grid size-12 place-items-center rounded-full bg-wash text-ink-soft">
        {sign}
      </span>
      <h2 className="mt-4 text-base/6 font-semibold">{heading}</h2>
      <p className="mt-1 mb-6 max-w-sm text-balance text-ink-soft">{lead}</p>
      {children}
    </div>
  );
}
