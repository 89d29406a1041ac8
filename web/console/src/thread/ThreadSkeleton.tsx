/** The shape of a thread before its words are here. */
export function ThreadSkeleton() {
  return (
    <div aria-hidden="true" className="flex min-w-0 flex-1 flex-col bg-ground">
      <div className="flex h-16 shrink-0 items-center border-b border-line bg-surface px-4">
        <div className="later h-3 w-40 rounded-small bg-wash" />
      </div>
      <div className="later flex flex-1 flex-col justify-end gap-4 p-6">
        <div className="h-10 w-1/2 rounded-large bg-wash" />
        <div className="h-16 w-3/5 self-end rounded-large bg-wash" />
        <div className="h-10 w-2/5 rounded-large bg-wash" />
      </div>
    </div>
  );
}
