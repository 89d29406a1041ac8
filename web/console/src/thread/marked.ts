/** How the place looks that somebody was led to. */
export const MARKED = "outline-2 outline-offset-2 outline-palm";
