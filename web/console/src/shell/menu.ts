/** How every menu of the console looks. Menus are not modal: a modal one would lock the page with a <style> element,
 * which our Content-Security-Policy forbids. */
export const MENU = "hv-appear z-30 min-w-56 rounded-medium border border-line bg-raised p-1 shadow-raised";
export const MENU_ITEM =
  "flex min-h-10 cursor-pointer items-center gap-2 rounded-small px-2.5 outline-none data-disabled:cursor-default data-disabled:text-ink-soft data-highlighted:bg-wash pointer-coarse:min-h-11";
export const MENU_LINE = "my-1 h-px bg-line";
