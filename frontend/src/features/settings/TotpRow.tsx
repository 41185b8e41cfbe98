import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { totpQuery } from '../../shared/api/identity.ts'
import { useSettingsText } from './use-settings-text.ts'
import { RecoveryCodeList } from './RecoveryCodeList.tsx'
import { SettingsError } from './SettingsError.tsx'
import { TotpEnrolmentForm } from './TotpEnrolmentForm.tsx'
import { TotpManageForm } from './TotpManageForm.tsx'

/** Two-step sign-in: whether it is on, switching it on and off, new recovery codes. */
export function TotpRow() {
  const text = useSettingsText()
  const { data, error, refetch } = useQuery(totpQuery)
  const [isOpen, setIsOpen] = useState(false)
  const [codes, setCodes] = useState<string[] | null>(null)
  const showCodes = (next: string[]) => {
    setCodes(next)
    setIsOpen(false)
    void refetch()
  }
  if (codes !== null) return <RecoveryCodeList codes={codes} onDone={() => setCodes(null)} />
  if (error !== null) return <SettingsError error={error} />
  const close = () => {
    setIsOpen(false)
    void refetch()
  }
  if (isOpen && data) {
    return data.isEnabled ? (
      <TotpManageForm onCodes={showCodes} onDone={close} />
    ) : (
      <TotpEnrolmentForm onCodes={showCodes} onCancel={close} />
    )
  }
  return (
    <div className="settings-row" aria-busy={data === undefined}>
      <span>
        {text('settings.totp')}
        <small>
          {data?.isEnabled === true
            ? text('settings.totp.on', { left: data.recoveryCodesLeft })
            : text('settings.totp.off')}
        </small>
      </span>
      <button type="button" className="btn" disabled={data === undefined} onClick={() => setIsOpen(true)}>
        {text(data?.isEnabled === true ? 'settings.totp.manage' : 'settings.totp.begin')}
      </button>
    </div>
  )
}
