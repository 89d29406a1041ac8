import { Logo } from "@havana/ui";
import { useEffect } from "react";

import { useSession } from "../session/session";
import { SignIn } from "../session/SignIn";
import { words } from "../words";
import { Console } from "./Console";
import { navigate, useRoute } from "./route";

/** The door or the console, whichever fits who is there. */
export function App({ link }: { link: string | null }) {
  const route = useRoute();
  const atDoor = route.page === "sign-in";
  // A link counts even if somebody is signed in: it may be for another person on the same machine.
  const trying = atDoor && link !== null;
  const { data: me, isPending } = useSession(!trying);

  useEffect(() => {
    if (me && atDoor && !trying) navigate({ page: "inbox", conversation: null }, { replace: true });
  }, [me, atDoor, trying]);

  if (trying) return <SignIn link={link} />;
  if (isPending) return <Opening />;
  return me ? <Console key={me.id} me={me} /> : <SignIn link={null} />;
}

function Opening() {
  return (
    <main aria-label={words.product} className="later grid min-h-dvh place-items-center bg-ground">
      <Logo size={40} />
    </main>
  );
}
