import type { UserRole } from '@llmchat/protocol/api/user-schema'

/** A person as the rest of the program knows them: never with the password's hash. */
export interface User {
  id: string
  email: string
  name: string
  role: UserRole
}

export const userColumns = ['users.id', 'users.email', 'users.name', 'users.role'] as const
