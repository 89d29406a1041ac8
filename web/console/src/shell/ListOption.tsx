import { useEffect, useRef, type MouseEvent, type ReactNode } from "react";

interface ListOptionProps {
  id: string;
  /** Where the keys are; they are the field's, which names this one as the active. */
  active: boolean;
  onPoint: () => void;
  onChoose: (event: MouseEvent) => void;
  /** Of the middle button. */
  onAuxClick?: (event: MouseEvent) => void;
  className: string;
  children: ReactNode;
}

/** One of the things below a field that one chooses from by keys or by pointing; it comes into view as the keys get there. */
export function ListOption({ id, active, onPoint, onChoose, onAuxClick, className, children }: ListOptionProps) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <li
      ref={row}
      id={id}
      role="option"
      aria-selected={active}
      onClick={onChoose}
      onAuxClick={onAuxClick}
      // Not on entering: a list that scrolls under a resting pointer chooses nothing.
      onMouseMove={active ? undefined : onPoint}
      className={`cursor-pointer ${className} ${active ? "bg-wash" : ""}`}
    >
      {children}
    </li>
  );
}
