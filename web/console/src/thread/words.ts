/** What the thread says of what happened in it; `../words.ts` has the rest. */
export const change = {
  asked: (name: string) => `${name} asked for a person`,
  askedByAssistant: "The assistant asked for a person",
  askedBySystem: "A person was called because the assistant could not answer",
  withdrawn: (name: string) => `${name} went on with the assistant`,
  assigned: (name: string, how: string) => `Assigned to ${name}: ${how}`,
  how: { least_busy: "least busy", round_robin: "next in turn" } as Readonly<Record<string, string>>,
  byItself: "by itself",
  notAnswered: "Returned to the queue: not answered in time",
  claimed: (name: string) => `${name} took over`,
  transferred: (from: string, to: string) => `${from} transferred this to ${to}`,
  routed: (name: string, team: string) => `${name} directed this to ${team}`,
  routedToAll: (name: string) => `${name} directed this to everybody`,
  returned: (name: string) => `${name} returned this to the queue`,
  agentGone: "Returned to the queue: the person in charge was gone",
  handedBack: (name: string) => `${name} handed back to the assistant`,
  closed: (name: string) => `${name} closed the conversation`,
  closedIdle: "Closed: nothing was said for a day",
  closedBlocked: (name: string) => `${name} blocked the visitor`,
  reopened: (name: string) => `${name} reopened the conversation`,
  contact: (name: string) => `${name} left a name and e-mail`,
  contactTaken: "The assistant noted a name and e-mail",
  rated: (score: number) => `Rated ${String(score)} of 5`,
};

export const tool = {
  label: (tool: string) => `Approval needed: ${tool}`,
  asks: "The assistant asks for your permission",
  forVisitor: "for",
  nothingSent: "Nothing else is sent with it.",
  allow: "Allow",
  refuse: "Refuse",
  left: (time: string) => `${time} left`,
  holderDecides: (name: string) => `${name} is in charge and decides.`,
  used: (tool: string) => `The assistant used ${tool}`,
  allowed: (name: string, tool: string) => `${name} allowed ${tool}`,
  refused: (name: string, tool: string) => `${name} refused ${tool}`,
  notDone: (tool: string, reason: string) =>
    reason === "expired"
      ? `Nobody allowed ${tool} in time`
      : reason === "redacted"
        ? `${tool} was not done: what it was for was removed first`
        : `${tool} was not done: the conversation was closed before anybody decided`,
  running: ", it is being done",
  outcome: { done: ", done", failed: ", it did not work", unknown: ", nobody knows whether it was done" },
};

export const handover = {
  heading: "Why the assistant handed over",
  asked: "The visitor wanted to talk to a person.",
  cannot_answer: "The assistant found no answer.",
  frustrated: "The visitor seemed unhappy with the answers.",
  policy: "This is for a person to decide.",
  tool_failure: "Something that the assistant needed was out of order.",
  model_failure: "The assistant was out of order.",
  button: "The visitor pressed “Talk to a person”.",
  other: "The assistant handed over.",
};

export const brief = {
  heading: "Summary for the team",
  who: "Who",
  wants: "Wants",
  tried: "Tried",
  open: "Open",
  mood: "Mood",
  language: "Language",
  calm: "Calm",
  annoyed: "Annoyed",
  angry: "Angry",
  model: "Written by the assistant",
  extracted: "Extracted from the conversation",
};
