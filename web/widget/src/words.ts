/** Everything that the visitor's page says by itself. The words of a conversation come from the server. */
export const words = {
  page: "Chat",
  conversation: "Conversation",
  unread: (site: string) => `New message · ${site}`,

  control: {
    pending: "Waiting for a person",
    closed: "Closed",
    human: (agent: string) => `${agent} has joined`,
    someone: "A person has joined",
  },
  /** Below what the system says, in this order. */
  offers: {
    leave_contact: "Leave name and e-mail",
    request_human: "Talk to a person",
    withdraw_request: "Go on with the assistant",
    keep_going: "Keep going",
  },

  isAssistant: "You are talking to an AI assistant. You can ask for a person at any time.",
  ask: "You could ask",

  you: "You",
  sending: "Sending",
  sent: "Sent",
  seen: "Seen",
  notSent: "Not sent.",
  tryAgain: "Try again",
  discard: "Discard",
  interrupted: "This answer was interrupted.",
  failed: "This answer could not be finished.",
  redacted: "This message was removed.",

  callTitle: "Book a call",
  callWhat: "Choose a time that suits you.",
  callOpen: "Open the calendar",

  write: "Write a message",
  send: "Send",
  count: (length: string, limit: string) => `${length} of ${limit} characters`,
  tooLong: (length: string, limit: string) => `${length} of ${limit} characters. Shorten it to send it.`,

  person: "Talk to a person",
  personPending: "The team has been told.",
  personAsking: "Telling the team.",
  personHere: (agent: string) => `You are talking to ${agent}.`,
  call: "Book a call",

  name: "Name",
  email: "E-mail",
  emailWrong: "That is not an e-mail address. It looks like name@example.com.",
  nameMissing: "Write your name, so that the team knows whom to ask for.",
  sendContact: "Send",
  cancel: "Cancel",

  earlier: "Loading earlier messages",
  newMessages: "New messages",
  toEnd: "Go to the latest message",

  reconnecting: "Reconnecting. You can keep writing; it is sent as soon as we are back.",
  missing: "This conversation is no longer available.",
  stopped: {
    blocked: "You cannot write here any more.",
    tooMany: "The chat is open in too many places. Close one of them, then try again.",
    tooOld: "This page is out of date. Reload it to go on.",
    off: "The chat is switched off at the moment.",
    refused: "The chat could not connect.",
  },
  reload: "Reload",
  siteMissing: "The chat could not be loaded.",
} as const;
