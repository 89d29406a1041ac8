import { Button, icons } from "@havana/ui";
import { useId, type ReactNode } from "react";

import { searchOf, type Narrowed, type Wanted } from "./address";
import { AddressLink } from "./AddressLink";
import { csv, number, type Cell } from "./figures";
import { reports as words } from "./words";

export interface Line {
  key: string;
  /** As it is shown: what it is first, then what there is of it. */
  cells: string[];
  /** The same for a spreadsheet. */
  raw: Cell[];
  wanted: Wanted;
  /** Of which conversations each cell after the first tells; null for none. */
  behind: readonly (Partial<Narrowed> | null)[];
}

interface SectionProps {
  heading: string;
  lead?: string;
  columns: string[];
  lines: readonly Line[];
  wanted: Wanted;
  /** What is said where there is no line. */
  none?: string;
  /** The picture. */
  children?: ReactNode;
}

/** A picture with its table, which is also a file. */
export function Section({ heading, lead, columns, lines, wanted, none, children }: SectionProps) {
  const id = useId();
  const isEmpty = lines.length === 0 && none !== undefined;
  return (
    <section aria-labelledby={id} className="rounded-large border border-line bg-surface p-4 shadow-low md:p-5">
      <div className="mb-4 flex items-start gap-4">
        <div className="min-w-0 flex-1">
          <h2 id={id} className="text-base/6 font-semibold">{heading}</h2>
          {lead === undefined ? null : <p className="text-[13px]/5 text-ink-soft">{lead}</p>}
        </div>
        {isEmpty ? null : (
          <Button icon={icons.download} label={words.download(heading)} onClick={() => save(heading, wanted, csv([columns, ...lines.map(({ raw }) => raw)]))}>
            {words.csv}
          </Button>
        )}
      </div>
      {isEmpty ? <p className="text-ink-soft">{none}</p> : (
        <div className={children === undefined ? "" : "grid gap-x-8 gap-y-5 @5xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]"}>
          {children}
          <Table heading={heading} columns={columns} lines={lines} />
        </div>
      )}
    </section>
  );
}

function Table({ heading, columns, lines }: Pick<SectionProps, "heading" | "columns" | "lines">) {
  return (
    <div role="region" aria-label={words.table(heading)} tabIndex={0} className="max-h-76 overflow-auto overscroll-contain rounded-medium border border-line">
      <table className="w-full text-[13px]/5 tabular-nums">
        <thead className="sticky top-0 bg-surface shadow-[inset_0_-1px_0_var(--line)]">
          <tr>
            {columns.map((column, place) => (
              <th key={column} scope="col" className={`px-3 py-2 font-medium text-ink-soft ${place === 0 ? "text-start" : "text-end"}`}>{column}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ key, cells: [first = "", ...rest], wanted, behind }) => (
            <tr key={key} className="border-t border-line first:border-t-0">
              <th scope="row" className="px-3 py-1 text-start font-normal whitespace-nowrap"><bdi>{first}</bdi></th>
              {rest.map((cell, place) => {
                const narrowed = behind[place];
                const column = columns[place + 1] ?? "";
                return (
                  <td key={column} className="px-3 py-1 text-end whitespace-nowrap">
                    {narrowed && cell !== "0" && cell !== words.nothing ? (
                      <AddressLink list aria-label={words.cell(first, column, cell)} search={searchOf(wanted, narrowed)} className="inline-flex min-h-6 min-w-6 items-center justify-end underline decoration-line underline-offset-3 hover:decoration-current">
                        {cell}
                      </AddressLink>
                    ) : cell}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A line of whole numbers, shown and in the file alike. */
export function counts(key: string, name: string, values: number[], wanted: Wanted, behind: Line["behind"]): Line {
  return { key, cells: [name, ...values.map(number)], raw: [name, ...values], wanted, behind };
}

function save(name: string, { from, to }: Wanted, text: string): void {
  const link = document.createElement("a");
  // The mark at the beginning tells spreadsheets that it is UTF-8.
  link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
  link.download = `${name} ${from} ${to}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}
