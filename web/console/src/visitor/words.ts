/** What is said of a visitor in the pane beside the conversation; `../words.ts` has the rest. */
export const about = {
  here: "Here now",
  left: (ago: string) => `Left ${ago} ago`,
  leftNow: "Left just now",
  leftOn: (when: string) => `Last here ${when}`,

  page: "Page",
  lastPage: "Last page",
  since: (time: string) => `since ${time}`,
  cameFrom: "Came from",
  device: "Device",
  language: "Language",
  time: "Local time",
  ahead: (hours: string) => `${hours} h ahead of you`,
  behind: (hours: string) => `${hours} h behind you`,
  in: (time: string, city: string) => `${time} in ${city}`,
};
