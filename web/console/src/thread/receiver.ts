import type { Colleague } from "../shell/team";

/** To whom a conversation is given: a colleague, or a team for which it waits; without an id, that is everybody. */
export type Receiver = { kind: "agent"; agent: Colleague } | { kind: "team"; id: string | null; name: string };
