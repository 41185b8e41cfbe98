import { ChangePasswordForm } from './ChangePasswordForm.tsx'
import { LoginSessionList } from './LoginSessionList.tsx'
import { TotpRow } from './TotpRow.tsx'

/** How a person signs in: password, second step, and where they are signed in now. */
export function SecuritySection() {
  return (
    <>
      <ChangePasswordForm />
      <TotpRow />
      <LoginSessionList />
    </>
  )
}
