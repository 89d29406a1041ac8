import type { Client } from "@havana/protocol";

/** Tells the team where the visitor is, after each welcome. The server stores nothing of it before they write. */
export function describe(client: Client, title: string): () => void {
  const tell = () => {
    if (client.connection.getSnapshot().status !== "ready") return;
    // Without what follows a question mark: it may be a secret of the website.
    const [referrer = ""] = document.referrer.split(/[?#]/);
    client.command("describe", {
      page: { path: location.pathname, title },
      // What led from one of our own pages to the next is known.
      referrer: referrer.startsWith(location.origin) ? "" : referrer,
      language: navigator.language,
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    }).catch(() => undefined);
  };
  tell();
  return client.connection.subscribe(tell);
}
