import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { peopleQuery } from '../api/audit.ts'
import { usersQuery } from '../api/users.ts'

interface PersonFilterProps {
  label: string
  /** Empty: anybody. */
  userId: string
  onChange: (userId: string) => void
}

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** A person by address, with suggestions while one types, or by id. It counts when it names somebody exactly. */
export function PersonFilter({ label, userId, onChange }: PersonFilterProps) {
  const id = useId()
  const [typed, setTyped] = useState<string | null>(null)
  const chosen = useQuery(peopleQuery(userId === '' ? [] : [userId])).data?.get(userId)
  const q = typed?.trim() ?? ''
  const found = useInfiniteQuery({
    ...usersQuery({ q, role: '', state: '', groupId: '' }),
    enabled: q.length > 1 && !idPattern.test(q),
  })
  const users = found.data?.pages.flatMap((page) => page.users) ?? []
  const settle = (value: string) => {
    const match = users.find(({ email }) => email === value.trim().toLowerCase())
    const next = idPattern.test(value.trim()) ? value.trim() : (match?.id ?? '')
    if (value.trim() !== '' && next === '') return
    setTyped(null)
    onChange(next)
  }
  return (
    <div className="admin-filter">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input"
        type="search"
        list={`${id}-people`}
        autoComplete="off"
        maxLength={254}
        value={typed ?? chosen ?? userId}
        onChange={(event) => {
          setTyped(event.target.value)
          settle(event.target.value)
        }}
        onBlur={(event) => settle(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') settle(event.currentTarget.value)
        }}
      />
      <datalist id={`${id}-people`}>
        {users.map(({ id: userKey, email, name }) => (
          <option key={userKey} value={email}>
            {name}
          </option>
        ))}
      </datalist>
    </div>
  )
}
