import { Link } from 'wouter'

/** To the person's own details. */
export function OwnerLink({ owner }: { owner: { id: string; email: string } }) {
  return <Link href={`/admin/users?user=${encodeURIComponent(owner.id)}`}>{owner.email}</Link>
}
