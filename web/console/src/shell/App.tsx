import { Logo } from "@havana/ui";
import { lazy, useEffect, useState } from "react";

import { CHOOSE } from "../session/link";
import { useSession } from "../session/session";
import { SignIn } from "../session/SignIn";
import { words } from "../words";
import { Console } from "./Console";
import { Later } from "./Later";
import { navigate, useRoute } from "./route";

const Choose = lazy(async () => ({ default: (await import("../settings/SettingsPage")).Choose }));
const Forgotten = lazy(async () => ({ default: (await import("../settings/SettingsPage")).Forgotten }));

/** The door or the console, whichever fits who is there. */
export function App({ link: followed }: { link: string | null }) {
  const [link, setLink] = useState(followed);
  const [forgotten, setForgotten] = useState<string | null>(null);
  const route = useRoute();
  const atDoor = route.page === "sign-in";
  // A link counts even if somebody is signed in: it may be for another person on the same machine.
  const trying = atDoor && link !== null;
  const { data: me, isPending } = useSession(!trying);

  useEffect(() => {
    if (me && atDoor && !trying) navigate({ page: "inbox", conversation: null }, { replace: true });
  }, [me, atDoor, trying]);

  if (trying && link.startsWith(CHOOSE)) {
    return (
      <Later>
        <Choose link={link.slice(CHOOSE.length)} onDone={() => { setLink(null); }} />
      </Later>
    );
  }
  if (trying) return <SignIn link={link} onForgotten={setForgotten} />;
  if (isPending) return <Opening />;
  if (me) return <Console key={me.id} me={me} />;
  if (forgotten === null) return <SignIn link={null} onForgotten={setForgotten} />;
  return (
    <Later>
      <Forgotten email={forgotten} onDone={() => { setForgotten(null); }} />
    </Later>
  );
}

function Opening() {
  return (
    <main aria-label={words.product} className="later grid min-h-dvh place-items-center bg-ground">
      <Logo size={40} />
    </main>
  );
}
