import { createAgentClient, TokenRefused, type AgentClient } from "@havana/protocol";
import { createContext, useContext } from "react";

import type { SignedIn } from "../session/session";
import { RestRefused, rest } from "./rest";

export interface Live {
  client: AgentClient;
  me: SignedIn;
}

export const LiveContext = createContext<Live | null>(null);

/** The live channel and who we are; only inside the signed-in part of the page. */
export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error("useLive outside of LiveContext");
  return live;
}

/** Connects as the signed-in agent; each connection gets a fresh short-lived token by the session's cookie. */
export function connect(): AgentClient {
  return createAgentClient({ client: "console/1", url: liveUrl(location), getToken: liveToken });
}

function liveUrl({ protocol, host }: Location): string {
  return `${protocol === "https:" ? "wss" : "ws"}://${host}/live`;
}

async function liveToken(): Promise<string> {
  try {
    const answer = (await rest("POST", "/api/live-token", {})) as { token: string };
    return answer.token;
  } catch (error) {
    if (error instanceof RestRefused && error.status === 401) throw new TokenRefused(error.message);
    throw error;
  }
}
