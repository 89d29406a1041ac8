/** Keys and what they do, one pair a line; several keys are divided by spaces. */
export function KeyList({ keys }: { keys: readonly (readonly [string, string])[] }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 text-start">
      {keys.map(([names, meaning]) => (
        <div key={names} className="contents">
          <dt className="flex gap-1">
            {names.split(" ").map((name) => (
              <kbd
                key={name}
                className="min-w-6 rounded-small border border-line bg-surface px-1.5 text-center font-sans text-xs/5 font-medium"
              >
                {name}
              </kbd>
            ))}
          </dt>
          <dd className="text-ink-soft">{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
