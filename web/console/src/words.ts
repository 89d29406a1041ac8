import { canned } from "./canned/words";
import { sending, sendingKeys } from "./composer/words";
import { inbox } from "./inbox/words";
import { knowledge } from "./knowledge/words";
import { labels } from "./labels/words";
import { presence } from "./presence/words";
import { profile } from "./profile/words";
import { search, searchKeys } from "./search/words";
import { settings } from "./settings/words";
import { brief, change, handover, tool } from "./thread/words";

/** Everything that the console says. Names are put in as they are; times come ready from `@havana/ui`. */
export const words = {
  product: "Havana",
  title: "Havana",
  titleWaiting: (count: number) => `(${String(count)}) Waiting · Havana`,
  titleUnread: (count: number) => `(${String(count)}) Unread · Havana`,
  someone: "Visitor",
  you: "You",
  assistant: "Assistant",
  dismiss: "Dismiss",
  cancel: "Cancel",

  signIn: {
    heading: "Sign in",
    lead: "To answer your visitors.",
    email: "E-mail",
    password: "Password",
    submit: "Sign in",
    submitting: "Signing in",
    forgot: "Forgot your password?",
    askAdmin: "An admin can make you a link.",
    byLink: "Signing you in",
    wrong: "E-mail or password is not right.",
    linkUsed: "This link was used before or has run out. Sign in with your password, or ask an admin for a new link.",
    slowDown: "Too many attempts. Wait a minute and try again.",
    unreachable: "The server cannot be reached. Check the connection and try again.",
    failed: "Signing in did not work. Try again.",
  },

  connection: {
    lost: "Connection lost. Reconnecting. What you write stays here.",
    refusing: "The server cannot store anything right now. What you write stays here, and is sent as soon as it can.",
    tryNow: "Try now",
    ended: "You are signed out. Sign in again to go on.",
    signIn: "Sign in",
    outdated: "There is a new version of this page. Reload to go on.",
    reload: "Reload",
    stopped: "The server closed the connection.",
  },

  rail: {
    label: "Places",
    inbox: "Inbox",
    knowledge: "Knowledge",
    wall: "Wall",
    reports: "Reports",
    settings: "Settings",
    account: (name: string) => `Account of ${name}`,
    accountAway: (name: string) => `Account of ${name}, away`,
    notLoaded: "This part of the page could not be loaded: the connection is gone, or Havana was upgraded meanwhile.",
  },

  inbox,

  help: [
    ["J K", "Next and previous conversation"],
    ["1 2 3 4 5", "All open, waiting, mine, with the assistant, closed"],
    ["C", "Take over"],
    ["R", "Write a reply"],
    ["N", "Write a note"],
    ["/", "In a reply or note: canned answers"],
    ["E", "Close"],
    ["H", "Hand back to the assistant"],
    ["S", "Have a reply suggested, once you are in charge"],
    [sendingKeys.close, sending.close],
    [sendingKeys.hand_back, sending.hand_back],
    ["Esc", "Leave the field, then go back"],
    [searchKeys, search.help],
    ["U", "Unanswered questions"],
    ["W", "The wall: everything that is running"],
    ["?", "Show these keys"],
  ] as const,
  singleKeys: "Single keys",
  singleKeysHint: "Turn them off if you dictate: words would press them.",

  knowledge,
  presence,
  profile,
  search,
  settings,

  thread: {
    label: (name: string) => `Conversation with ${name}`,
    none: "Choose a conversation",
    noneLead: "You can read every one as it happens, and take over at any moment.",
    missing: "There is no such conversation.",
    back: "Back to the list",
    earlier: "Loading earlier messages",
    newMessages: "New messages",
    toEnd: "To the end",
    messages: "Messages",
    told: "The visitor was told:",
  },

  nothing: {
    quiet: "It is quiet",
    waiting: (count: number) => (count === 1 ? "One visitor is waiting" : `${String(count)} visitors are waiting`),
    waitingLead: "They asked for a person, or for something that you must allow. Begin with whoever has waited longest.",
    openLongest: "Open the longest wait",
  },

  holder: {
    ai: "The assistant answers",
    pending: "Waiting for a person",
    pendingFor: (team: string) => `Waiting for ${team}`,
    mine: "You are in charge",
    other: (name: string) => `${name} is in charge`,
    closed: "Closed",
    since: (time: string) => `since ${time}`,
  },

  action: {
    claim: "Take over",
    take_from: (name: string) => `Take over from ${name}`,
    hand_back: "Hand back to the assistant",
    return_to_queue: "Return to queue",
    close: "Close",
    reopen: "Reopen",
    offer_call: "Send the call link",
    transfer: "Transfer to",
    transferNobody: "Nobody else is in the team",
    route: "Direct to a team",
    routeToAll: "Everybody",
    block: "Block this visitor",
    more: "More actions",
    showVisitor: "Show the visitor",
    hideVisitor: "Hide the visitor",
  },

  transfer: {
    to: (name: string) => `Transfer to ${name}`,
    know: (name: string) => `What should ${name} know?`,
    optional: "Optional. Only the team reads it.",
    away: (name: string) => `${name} is away.`,
    notHere: (name: string) => `${name} is not here.`,
  },

  route: {
    to: (name: string) => `Direct to ${name}`,
    toAll: "Direct to everybody",
    all: "they",
  },

  refused: {
    taken: (name: string) => `${name} took this chat a moment ago.`,
    takenBySomeone: "Somebody else took this chat a moment ago.",
    closed: "This conversation was closed in the meantime.",
    stale: "Things changed in the meantime. Look again and repeat it if it is still right.",
    offline: "Not done: there is no connection. Try again in a moment.",
    forbidden: "You may not do this.",
    rate: "Too fast. Try again in a moment.",
    other: "This did not work. Try again.",
  },

  change,
  tool,
  handover,
  brief,

  message: {
    sending: "Sending",
    seen: "Seen",
    notSent: "Not sent.",
    tryAgain: "Try again",
    discard: "Discard",
    removed: "Removed",
    interrupted: "Interrupted",
    failed: "Not finished",
    note: "Note, for the team only",
    call: "Book a call",
    pressed: "Pressed",
    copyLink: "Copy link",
    linkCopied: "Link copied",
    linkNotCopied: "The link could not be copied",
  },

  composer: {
    reply: "Reply",
    note: "Note",
    mode: "What you write",
    replyTo: (name: string) => `Reply to ${name}`,
    notePlaceholder: "A note that only the team sees",
    send: "Send",
    addNote: "Add the note",
    emoji: "Emoji",
    keys: "Enter sends, Shift and Enter begins a new line",
    takesOver: "Your reply takes over",
    reopens: "Your reply opens it again",
    held: (name: string) => `Only ${name} can reply. Leave a note.`,
    heldAdmin: "Take over to reply, or leave a note.",
    tooLong: (over: number) => `${String(over)} characters too long`,
  },

  sending,
  canned,
  labels,

  suggestion: {
    label: "Suggestion by the assistant",
    tools: "Help by the assistant",
    reply: "Suggested reply",
    shorter: "Shorter",
    friendlier: "Friendlier",
    onlyYou: "only you see it",
    suggest: "Suggest",
    suggestTitle: "Have the assistant suggest a reply (S)",
    shorterTitle: "Have the assistant say this in fewer words",
    friendlierTitle: "Have the assistant say this more warmly",
    insert: "Insert",
    replace: "Use this",
    undo: "Undo",
    dismiss: "Dismiss the suggestion",
    nothing: "No article answers this.",
  },

  visitor: {
    heading: "Visitor",
    started: "Started",
    others: "Other conversations",
    more: "Show older ones",
    contact: "Left by the visitor",
    why: "Why a person was called",
    rating: "Rating",
    close: "Close this pane",
    blockAsk: (name: string) => `Block ${name}? They can no longer write or read here. You can undo this.`,
    block: "Block",
    blocked: "This visitor is blocked.",
    unblock: "Unblock",
    blockFailed: "Blocking did not work. Try again.",
  },
} as const;
