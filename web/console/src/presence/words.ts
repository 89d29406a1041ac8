/** What is said of colleagues at the same conversation; `../words.ts` has the rest. */
export const presence = {
  looking: (name: string) => `${name} is looking`,
  reply: (name: string) => `${name} is writing a reply`,
  note: (name: string) => `${name} is writing a note`,
  more: (count: number) => `+${String(count)}`,
};
