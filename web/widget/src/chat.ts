import { CLOSED_BAD_TOKEN, createClient, UnsentStorage, type Client, type ConversationStore } from "@havana/protocol";

import { Visitor } from "./visitor";

/** The visitor's side of the chat: the connection, the conversation, and what the browser remembers of them. */
export interface Chat {
  readonly client: Client;
  readonly conversation: ConversationStore;
  /** Whether a conversation is to be expected, from before a reload or on another tab. */
  readonly isKnown: boolean;
}

export function openChat(site: string): Chat {
  const visitor = new Visitor(site);
  const { isKnown } = visitor;
  const client = createClient({
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`,
    client: "widget/1",
    getToken: (expired) => visitor.token(expired),
    storage: new UnsentStorage(`havana.unsent.${site}`),
  });
  const conversation = client.current;
  startOverWithoutToken(client, visitor);
  keepWhoSpeaks(conversation, visitor);
  visitor.onElsewhere(() => {
    // The same person on two tabs is one visitor, unless both have begun to talk already.
    if (conversation.getSnapshot().id === null && !isSpeaking(conversation)) client.reconnect();
  });
  return { client, conversation, isKnown };
}

/** Whether something waits here to be sent; what another tab sends is said under its token. */
function isSpeaking(conversation: ConversationStore): boolean {
  return conversation.getSnapshot().pending.some(({ elsewhere }) => !elsewhere);
}

/** Whatever waits to be sent, also from before a reload, begins a conversation that is to be found again. */
function keepWhoSpeaks(conversation: ConversationStore, visitor: Visitor): void {
  const look = () => {
    if (isSpeaking(conversation)) visitor.keep();
  };
  look();
  conversation.subscribe(look);
}

/** A token that the server refuses is given back once; a newcomer's cannot be wrong. */
function startOverWithoutToken(client: Client, visitor: Visitor): void {
  let tried = false;
  client.connection.subscribe(() => {
    const connection = client.connection.getSnapshot();
    if (connection.status !== "stopped" || connection.code !== CLOSED_BAD_TOKEN || tried) return;
    tried = true;
    visitor.forget();
    client.reconnect();
  });
}
