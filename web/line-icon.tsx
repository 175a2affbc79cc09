/** How icons are drawn on every page: lines of one weight, hidden from screen readers, since the words beside them say the same. */

/** Those that more than one page has. */
export const LINES = {
  check: 'm5 12.5 4.5 4.5L19 7.5',
  search: 'm20 20-4.2-4.2M18 11a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z',
} as const

export function LineIcon({ path, size }: { readonly path: string; readonly size: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={path} />
    </svg>
  )
}
