import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useId, useState } from 'react'
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
  const [known, setKnown] = useState(userId)
  if (known !== userId) {
    // Chosen here, or changed from elsewhere: who it is stands there now, not what was typed.
    setKnown(userId)
    setTyped(null)
  }
  const chosen = useQuery(peopleQuery(userId === '' ? [] : [userId])).data?.get(userId)
  const q = typed?.trim() ?? ''
  const found = useInfiniteQuery({
    ...usersQuery({ q, role: '', state: '', groupId: '' }),
    enabled: q.length > 1 && !idPattern.test(q),
  })
  const users = found.data?.pages.flatMap((page) => page.users) ?? []
  const match = idPattern.test(q) ? q : (users.find(({ email }) => email === q.toLowerCase())?.id ?? null)
  const choose = useEffectEvent(onChange)
  useEffect(() => {
    // Whoever types fast, or pastes, has left the field before the server has said whom it names.
    if (match !== null) choose(match)
  }, [match])
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
          const { value } = event.target
          setTyped(value)
          if (value.trim() === '') onChange('')
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
