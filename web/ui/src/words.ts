/** What the shared components say; each app has its own catalogue for the rest. */
export const words = {
  control: { ai: "Assistant", pending: "Waiting", human: "Person", closed: "Closed" },
  sources: "Sources",
  openSource: "Open the page",
  typing: "is typing",
  yesterday: "Yesterday",
  today: "Today",
  now: "now",
} as const;
