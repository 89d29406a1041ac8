import type { ContextPush, Detail } from "@havana/protocol";
import { useMutation } from "@tanstack/react-query";

import { rest, RestRefused } from "../shell/rest";
import { Outdated, unlessOutdated } from "../shell/versions";
import { about } from "./words";

/** The three that every visitor has; whatever else there is, the team has named itself. */
export type Usual = "name" | "email" | "notes";
const USUAL: readonly string[] = ["name", "email", "notes"] satisfies Usual[];

export const LONGEST = { name: 100, email: 320, notes: 2000, own: 300, field: 40 };

/** `version` is that of what was changed into this, null if there was nothing. */
export interface ToWrite {
  field: string;
  value: string;
  version: string | null;
}

type Known = Pick<ContextPush, "details">;

export function detailOf(known: Known | null, field: string): Detail | undefined {
  return known?.details.find((detail) => detail.field === field);
}

export function ownDetails(known: Known | null): readonly Detail[] {
  return known?.details.filter(({ field }) => !USUAL.includes(field)) ?? [];
}

/** Whether there is a detail that a person would call the same. */
export function isTaken(field: string, known: Known | null): boolean {
  const plain = (name: string) => name.trim().toLowerCase().replaceAll("-", "");
  return [...USUAL, ...ownDetails(known).map((one) => one.field)].some((one) => plain(one) === plain(field));
}

/** Writes it down, or with nothing takes it back. Tells what stands there then; throws `Outdated` with what stands there now. */
export function useWriteDown(visitor: string) {
  const path = `/api/visitors/${encodeURIComponent(visitor)}`;
  return useMutation({
    mutationFn: async (wanted: ToWrite): Promise<Detail | null> => {
      const read = async (asked: Promise<unknown>) => detailOf((await asked) as Known, wanted.field) ?? null;
      const saved = await unlessOutdated(
        async () => ({ detail: await read(rest("PUT", `${path}/details`, wanted)) }),
        () => read(rest("GET", path)),
      );
      return saved.detail;
    },
  });
}

export function explain(error: Error): string {
  if (error instanceof Outdated) {
    const newest = error.newest as Detail | null;
    return newest ? about.changedTo(newest.by, newest.value) : about.removed;
  }
  return (error instanceof RestRefused && error.message) || about.failed;
}
