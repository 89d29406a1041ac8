import icon from "../icon.svg?raw";

/** What of it is shown: more than two signs cannot be read at this size. */
const MOST = 9;

/** The colours of `--waiting` and `--person`, in sRGB: an icon knows no variables, and lies on whatever the browser's bar is. */
const WAITING = "#c8372d";
const PERSON = "#545bb8";

/** The tab's icon with how many wait, or how many of one's own are unread, as an address; the plain one for nobody. */
export function iconFor(waiting: number, unread: number): string {
  const drawn = waiting > 0 ? badge(waiting, WAITING) : unread > 0 ? badge(unread, PERSON) : "";
  return `data:image/svg+xml,${encodeURIComponent(icon.replace("</svg>", `${drawn}</svg>`))}`;
}

export function showIcon(waiting: number, unread: number): void {
  document.querySelector<HTMLLinkElement>("link[rel=icon]")?.setAttribute("href", iconFor(waiting, unread));
}

function badge(count: number, fill: string): string {
  const text = count > MOST ? `${String(MOST)}+` : String(count);
  const size = text.length > 1 ? 13 : 17;
  return `<circle cx="22" cy="22" r="10" fill="${fill}" stroke="#fff" stroke-width="1.5"/><text x="22" y="${String(22 + size * 0.36)}" text-anchor="middle" font-family="system-ui,sans-serif" font-weight="700" font-size="${String(size)}" fill="#fff">${text}</text>`;
}
