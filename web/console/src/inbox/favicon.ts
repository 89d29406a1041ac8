import icon from "../icon.svg?raw";

/** What of it is shown: more than two signs cannot be read at this size. */
const MOST = 9;

/** The tab's icon with how many wait, as an address; the plain one for nobody. */
export function iconFor(count: number): string {
  return `data:image/svg+xml,${encodeURIComponent(count > 0 ? icon.replace("</svg>", `${badge(count)}</svg>`) : icon)}`;
}

export function showIcon(count: number): void {
  document.querySelector<HTMLLinkElement>("link[rel=icon]")?.setAttribute("href", iconFor(count));
}

/** The colours of `--waiting`, in sRGB: an icon knows no variables, and lies on whatever the browser's bar is. */
function badge(count: number): string {
  const text = count > MOST ? `${String(MOST)}+` : String(count);
  const size = text.length > 1 ? 13 : 17;
  return `<circle cx="22" cy="22" r="10" fill="#c8372d" stroke="#fff" stroke-width="1.5"/><text x="22" y="${String(22 + size * 0.36)}" text-anchor="middle" font-family="system-ui,sans-serif" font-weight="700" font-size="${String(size)}" fill="#fff">${text}</text>`;
}
