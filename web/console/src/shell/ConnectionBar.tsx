import { CLOSED_BAD_TOKEN, CLOSED_VERSION } from "@havana/protocol";
import { Icon, icons } from "@havana/ui";
import { useEffect } from "react";

import { useAskAgain } from "../session/session";
import { words } from "../words";
import { useLive } from "./live";
import { useStore } from "./useStore";

/** Says at once that the connection is gone, and what to do. Nothing while all is well or the page just opened. */
export function ConnectionBar() {
  const { client } = useLive();
  const connection = useStore(client.connection);
  const askAgain = useAskAgain();
  const welcomed = useStore(client.you) !== null;
  const isRefusing = useStore(client.refusing);
  const signedOut = connection.status === "stopped" && connection.code === CLOSED_BAD_TOKEN;
  useEffect(() => {
    if (signedOut) askAgain();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- asked once per ending, not once per rendering
  }, [signedOut]);

  if (connection.status === "ready") return isRefusing ? <Bar text={words.connection.refusing} /> : null;
  if (connection.status === "connecting" && !welcomed) return null;
  if (connection.status !== "stopped") {
    return <Bar text={words.connection.lost} action={words.connection.tryNow} onAction={() => { client.reconnect(); }} />;
  }
  if (connection.code === CLOSED_BAD_TOKEN) return <Bar text={words.connection.ended} action={words.connection.signIn} onAction={askAgain} />;
  const old = connection.code === CLOSED_VERSION;
  return (
    <Bar
      text={old ? words.connection.outdated : words.connection.stopped}
      action={old ? words.connection.reload : words.connection.tryNow}
      onAction={() => {
        if (old) location.reload();
        else client.reconnect();
      }}
    />
  );
}

function Bar({ text, action, onAction }: { text: string; action?: string; onAction?: () => void }) {
  return (
    <div role="alert" className="flex min-h-11 shrink-0 items-center justify-center gap-3 bg-ink px-4 text-ground">
      <Icon outline={icons.offline} />
      <span>{text}</span>
      {action === undefined ? null : (
        <button type="button" onClick={onAction} className="min-h-11 cursor-pointer rounded-small px-1 font-medium underline underline-offset-2 focus-visible:outline-current">
          {action}
        </button>
      )}
    </div>
  );
}
