/** The product's mark: a log being written. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 20 20" aria-hidden="true">
      <path d="M3 5.5h14M3 10h9M3 14.5h4.5" fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" />
      <circle cx="13" cy="14.5" r="2" fill="var(--accent)" />
    </svg>
  )
}
