import type { AgentClient } from "@havana/protocol";
import { lazy, useCallback, useEffect, useState } from "react";

import { cannedEdits } from "../canned/editing";
import { drafts } from "../composer/drafts";
import { underway } from "../composer/underway";
import { Inbox } from "../inbox/Inbox";
import { useAlarm } from "../inbox/useAlarm";
import { useFollowedLists, useInboxView, useQueue, useSummary, useUnreadMine, type InboxView } from "../inbox/useInbox";
import { VIEWS, type View } from "../inbox/views";
import { neighbour } from "../inbox/waiting";
import { edits } from "../knowledge/editing";
import { AwayBar } from "../profile/AwayBar";
import { useColleagues, useNotifications } from "../profile/profile";
import type { SignedIn } from "../session/session";
import { siteEdits } from "../sites/edits";
import { Conversation } from "../thread/Conversation";
import { ConnectionBar } from "./ConnectionBar";
import { Later } from "./Later";
import { lease } from "./lease";
import { connect, LiveContext, useLive } from "./live";
import { Nothing } from "./Nothing";
import { Rail } from "./Rail";
import { navigate, useRoute, type Route } from "./route";
import { useStoredFlag } from "./stored";
import { useSearchKey, useShortcuts } from "./useShortcuts";
import { useStore } from "./useStore";

const KnowledgePage = lazy(async () => ({ default: (await import("../knowledge/KnowledgePage")).KnowledgePage }));
const ReportsPage = lazy(async () => ({ default: (await import("../reports/ReportsPage")).ReportsPage }));
const WallPage = lazy(async () => ({ default: (await import("../wall/WallPage")).WallPage }));
const loadSearch = async () => ({ default: (await import("../search/SearchPanel")).SearchPanel });
const SearchPanel = lazy(loadSearch);
const SettingsPage = lazy(async () => ({ default: (await import("../settings/SettingsPage")).SettingsPage }));

/** The agents' workplace, connected for as long as it stands. */
export function Console({ me }: { me: SignedIn }) {
  const [connection] = useState(() => lease<AgentClient>(connect, (client) => client.close()));
  const client = useStore(connection);
  useEffect(() => {
    drafts.belongTo(me.id);
    edits.belongTo(me.id);
    cannedEdits.belongTo(me.id);
    siteEdits.belongTo(me.id);
  }, [me.id]);
  if (!client) return null;
  return (
    <LiveContext value={{ client, me }}>
      <Workplace />
    </LiveContext>
  );
}

function Workplace() {
  const route = useRoute();
  const selected = route.page === "inbox" ? route.conversation : null;
  const at = route.page === "inbox" ? (route.at ?? null) : null;
  const { client } = useLive();
  const shown = useInboxView();
  const chosen = useNotifications();
  const [helping, setHelping] = useState(false);
  const [searching, setSearching] = useState(false);
  const search = useCallback(() => {
    setSearching(true);
  }, []);

  useFollowedLists();
  useColleagues(client);
  const unread = useUnreadMine(selected);
  useAlarm(useQueue().conversations, unread, chosen);
  useWarningBeforeLoss();

  useListKeys(shown, selected, () => setHelping((open) => !open));
  useSearchKey(search, loadSearch);

  const within = isWithin(route);
  return (
    <div className="flex h-dvh flex-col overflow-hidden bg-ground">
      <ConnectionBar />
      <AwayBar />
      <div className="relative flex min-h-0 flex-1 max-md:flex-col-reverse">
        <div className={`flex shrink-0 flex-col ${within ? "max-md:hidden" : ""}`}>
          <Rail page={route.page} unread={unread.conversations.length} helping={helping} onHelp={setHelping} onSearch={search} />
        </div>
        <div className="flex min-h-0 min-w-0 flex-1">
          {route.page === "inbox" || route.page === "sign-in" ? (
            <InboxPage shown={shown} selected={selected} at={at} onSearch={search} />
          ) : (
            <OtherPage route={route} />
          )}
        </div>
      </div>
      {searching ? (
        <Later above>
          <SearchPanel onClose={() => setSearching(false)} />
        </Later>
      ) : null}
    </div>
  );
}

function OtherPage({ route }: { route: Exclude<Route, { page: "inbox" | "sign-in" }> }) {
  return (
    <main className="flex min-w-0 flex-1">
      <Later key={route.page}>
        {route.page === "settings" ? (
          <SettingsPage route={route} />
        ) : route.page === "reports" ? (
          <ReportsPage part={route.part} />
        ) : route.page === "wall" ? (
          <WallPage />
        ) : (
          <KnowledgePage route={route} />
        )}
      </Later>
    </main>
  );
}

/** Whether one thing is open: on a phone it has the whole screen, and its own way back. */
function isWithin(route: Route): boolean {
  switch (route.page) {
    case "inbox":
      return route.conversation !== null;
    case "unanswered":
      return route.question !== null;
    case "articles":
      return route.article !== null;
    case "settings":
      return route.item !== null;
    case "reports":
    case "wall":
    case "sign-in":
      return false;
  }
}

interface InboxPageProps {
  shown: InboxView;
  selected: string | null;
  at: number | null;
  onSearch: () => void;
}

function InboxPage({ shown, selected, at, onSearch }: InboxPageProps) {
  const pane = useVisitorPane();
  const summary = useSummary(selected, shown.list);
  return (
    <>
      <div className={`w-80 shrink-0 border-e border-line max-md:w-full max-md:border-0 ${selected ? "max-md:hidden" : ""}`}>
        <Inbox selected={selected} shown={shown} onSearch={onSearch} />
      </div>
      <main className={`flex min-w-0 flex-1 ${selected ? "" : "max-md:hidden"}`}>
        {selected ? (
          <Conversation key={selected} id={selected} at={at} summary={summary} {...pane} />
        ) : (
          <Nothing shown={shown} />
        )}
      </main>
    </>
  );
}

/** The keys that walk through the list, from anywhere on the page. */
function useListKeys({ list: { conversations }, onView }: InboxView, selected: string | null, onHelp: () => void): void {
  const step = (by: 1 | -1) => {
    const next = neighbour(conversations, selected, by);
    if (next !== null) navigate({ page: "inbox", conversation: next });
  };
  const showView = (view: View) => {
    onView(view);
    navigate({ page: "inbox", conversation: selected });
  };
  const stepByArrow = (by: 1 | -1) => (event: KeyboardEvent) => {
    // In the thread the arrows scroll, as everywhere.
    if (event.target instanceof Element && event.target.closest("[role=log]")) return;
    event.preventDefault();
    step(by);
  };
  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: stepByArrow(1),
    ArrowUp: stepByArrow(-1),
    Escape: () => navigate({ page: "inbox", conversation: null }),
    u: () => navigate({ page: "unanswered", question: null }),
    w: () => navigate({ page: "wall" }),
    "?": onHelp,
    ...Object.fromEntries(VIEWS.map((view, at) => [String(at + 1), () => showView(view)])),
  });
}

/** Open beside the thread where there is room, and as it was left; elsewhere it opens over the thread and is closed at first. */
function useVisitorPane(): { paneOpen: boolean; onPane: (open: boolean) => void } {
  const [room, setRoom] = useState(() => ROOM.matches);
  const [beside, setBeside] = useStoredFlag("visitor-pane", true);
  const [over, setOver] = useState(false);
  useEffect(() => {
    const change = () => {
      setRoom(ROOM.matches);
    };
    ROOM.addEventListener("change", change);
    return () => {
      ROOM.removeEventListener("change", change);
    };
  }, []);
  const onPane = useCallback((open: boolean) => {
    if (ROOM.matches) setBeside(open);
    else setOver(open);
  }, [setBeside]);
  return { paneOpen: room ? beside : over, onPane };
}

/** Tailwind's `xl`: list, a comfortable thread and the visitor side by side. */
const ROOM = matchMedia("(min-width: 80rem)");

/** Drafts outlive the page; what is on its way to the server, or was refused by it, does not. */
function useWarningBeforeLoss(): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (drafts.unkept || underway.unsent || edits.unsaved || cannedEdits.unsaved || siteEdits.unsaved) event.preventDefault();
    };
    addEventListener("beforeunload", warn);
    return () => {
      removeEventListener("beforeunload", warn);
    };
  }, []);
}
