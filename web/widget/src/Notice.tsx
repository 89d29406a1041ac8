import { CLOSED_BLOCKED, CLOSED_SITE_DISABLED, CLOSED_TOO_MANY, CLOSED_VERSION, type Connection } from "@havana/protocol";
import { Icon, icons, type Outline } from "@havana/ui";
import { useEffect, useState } from "preact/hooks";

import type { Chat } from "./chat";
import { useStore } from "./useStore";
import { words } from "./words";

/** A blink of the network is not worth a word. */
const PATIENCE_MS = 1500;

/** What is wrong with the connection, and the way out; nothing while all is well. */
export function Notice({ chat }: { chat: Chat }) {
  const connection = useStore(chat.client.connection);
  const { status } = useStore(chat.conversation);
  const isRefusing = useStore(chat.client.refusing);
  const isDown = isRefusing || connection.status === "connecting" || connection.status === "waiting";
  const isLate = useLasting(isDown, PATIENCE_MS);
  if (connection.status === "stopped") return <Stopped code={connection.code} retry={chat.client.reconnect.bind(chat.client)} />;
  if (status === "missing") return <Line>{words.missing}</Line>;
  return isDown && isLate ? <Line icon={icons.offline}>{words.reconnecting}</Line> : null;
}

function Stopped({ code, retry }: { code: Extract<Connection, { status: "stopped" }>["code"]; retry: () => void }) {
  switch (code) {
    case CLOSED_BLOCKED:
      return <Line icon={icons.block}>{words.stopped.blocked}</Line>;
    case CLOSED_TOO_MANY:
      return <Line icon={icons.warning} action={words.tryAgain} onAction={retry}>{words.stopped.tooMany}</Line>;
    case CLOSED_VERSION:
      return <Line icon={icons.warning} action={words.reload} onAction={() => { location.reload(); }}>{words.stopped.tooOld}</Line>;
    case CLOSED_SITE_DISABLED:
      return <Line icon={icons.warning}>{words.stopped.off}</Line>;
    default:
      return <Line icon={icons.warning} action={words.tryAgain} onAction={retry}>{words.stopped.refused}</Line>;
  }
}

interface LineProps {
  children: string;
  icon?: Outline;
  action?: string;
  onAction?: () => void;
}

function Line({ children, icon = icons.warning, action, onAction }: LineProps) {
  return (
    <div role="status" class="hv-appear border-b border-line bg-sunken text-sm leading-5">
      <div class="mx-auto flex min-h-11 w-full max-w-3xl items-center gap-2 px-4 py-1 text-ink-soft sm:px-6">
        <Icon outline={icon} />
        <span class="min-w-0 flex-1">{children}</span>
        {action === undefined ? null : (
          <button type="button" class="min-h-10 rounded-small px-2 font-medium text-palm hover:underline" onClick={onAction}>
            {action}
          </button>
        )}
      </div>
    </div>
  );
}

/** Whether `condition` has held for so long. */
function useLasting(condition: boolean, ms: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    setLasting(false);
    if (!condition) return;
    const timer = setTimeout(() => {
      setLasting(true);
    }, ms);
    return () => {
      clearTimeout(timer);
    };
  }, [condition, ms]);
  return lasting;
}
