import { Button } from "@havana/ui";
import { Component, Suspense, type ReactNode } from "react";

import { words } from "../words";

/** What is downloaded when somebody goes there first; the inbox does not wait for it. `above`: it has no room of its own. */
export function Later({ above = false, children }: { above?: boolean; children: ReactNode }) {
  return (
    <NotLoaded>
      <Suspense fallback={above ? null : <div aria-busy="true" className="flex-1" />}>{children}</Suspense>
    </NotLoaded>
  );
}

/** After an upgrade the files of the page that is open are gone, or the network is: the rest of the page stays. */
class NotLoaded extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <div role="alert" className="flex flex-1 flex-col items-center justify-center gap-4 p-6 text-center">
        <p className="max-w-sm text-balance">{words.rail.notLoaded}</p>
        <Button look="primary" onClick={() => location.reload()}>
          {words.connection.reload}
        </Button>
      </div>
    );
  }
}
