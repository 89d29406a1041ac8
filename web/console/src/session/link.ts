/**
 * The token of a one-time link, `/console/sign-in#TOKEN`, taken out of the address at once: it must not stay in
 * the history, in a screenshot or in a copied address. A fragment is never sent to a server by itself. One that begins
 * with `CHOOSE` is for choosing a password.
 */
export function takeLinkToken(place: Pick<Location, "pathname" | "hash">, past: Pick<History, "replaceState">): string | null {
  if (place.pathname !== "/console/sign-in" || place.hash.length < 2) return null;
  const token = place.hash.slice(1);
  past.replaceState(null, "", place.pathname);
  return token;
}

export const CHOOSE = "password=";
