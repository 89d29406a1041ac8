/** What is said of labels; `../words.ts` has the rest. */
export const labels = {
  heading: "Labels",
  none: "None yet",
  add: "Add a label",
  field: "New label",
  placeholder: "Find or make a label",
  remove: (label: string) => `Remove the label ${label}`,
  make: (label: string) => `Make “${label}”`,
  choices: "Labels of this website",
  full: "A conversation has at most twenty labels.",
};
