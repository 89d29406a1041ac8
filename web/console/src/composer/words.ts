/** What the composer says about what happens after a reply; `../words.ts` has the rest. */
export const sending = {
  more: "Send and then",
  close: "Send and close",
  hand_back: "Send and hand back",
  notClosed: (why: string) => `Sent, but not closed. ${why}`,
  notHandedBack: (why: string) => `Sent, but not handed back. ${why}`,
  wroteMeanwhile: "The visitor has written meanwhile.",
  lostMeanwhile: "The connection was lost meanwhile.",
};

/** What the key beside the space bar is called here: the same one is Ctrl elsewhere. */
export const MOD = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";
const ALT = MOD === "⌘" ? "⌥" : "Alt";

/** Divided by spaces, as `KeyList` wants them. */
export const sendingKeys = {
  close: `${MOD} Shift Enter`,
  hand_back: `${MOD} ${ALT} Enter`,
};
