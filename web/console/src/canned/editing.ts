import { newKey } from "@havana/protocol";

import { Edits } from "../knowledge/editing";
import type { CannedAnswer } from "./canned";

/** A canned answer as it stands in the form; `version` is what was changed into this, null if there was nothing. */
export type CannedFields = Pick<CannedAnswer, "id" | "name" | "text" | "site"> & { version: string | null };

export function fieldsOf({ id, name, text, site, version }: CannedAnswer): CannedFields {
  return { id, name, text, site, version };
}

export function emptyFields(now: number): CannedFields {
  return { id: newKey(now), name: "", text: "", site: null, version: null };
}

/** What was begun and not saved, by the item of the address. */
export const cannedEdits = new Edits<CannedFields>();
