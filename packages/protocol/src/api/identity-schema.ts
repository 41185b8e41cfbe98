import Type from 'typebox'
import { ClientIdSchema, TimestampSchema } from './common-schema.ts'

const email = Type.String({ minLength: 3, maxLength: 254, pattern: '^[^@\\s]+@[^@\\s]+$' })
const password = Type.String({ minLength: 1, maxLength: 1024 })
const token = Type.String({ minLength: 1, maxLength: 200 })
const role = Type.Union([Type.Literal('admin'), Type.Literal('member')])

/** The password was right; a code is asked for before `expiresAt`. */
export const SecondStepSchema = Type.Object(
  { ticket: Type.String(), expiresAt: TimestampSchema },
  { $id: 'SecondStep' },
)
export type SecondStep = Type.Static<typeof SecondStepSchema>

export const SecondStepRequestSchema = Type.Object(
  {
    ticket: token,
    /** Six digits of the authenticator, or a recovery code. */
    code: Type.String({ minLength: 1, maxLength: 64 }),
  },
  { additionalProperties: false },
)
export type SecondStepRequest = Type.Static<typeof SecondStepRequestSchema>

export const ChangePasswordRequestSchema = Type.Object(
  { currentPassword: password, newPassword: password },
  { additionalProperties: false },
)
export type ChangePasswordRequest = Type.Static<typeof ChangePasswordRequestSchema>

export const LinkRequestSchema = Type.Object({ token }, { additionalProperties: false })

/** Whom a one-time link is for. */
export const LinkSchema = Type.Object({
  kind: Type.Union([Type.Literal('password-reset'), Type.Literal('invitation')]),
  email: Type.String(),
  name: Type.String(),
  expiresAt: TimestampSchema,
})
export type Link = Type.Static<typeof LinkSchema>

export const ResetPasswordRequestSchema = Type.Object({ token, password }, { additionalProperties: false })
export type ResetPasswordRequest = Type.Static<typeof ResetPasswordRequestSchema>

export const AcceptInvitationRequestSchema = Type.Object(
  { token, password, name: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })) },
  { additionalProperties: false },
)
export type AcceptInvitationRequest = Type.Static<typeof AcceptInvitationRequestSchema>

/** `url` is shown this once; its secret is stored only as a hash. */
export const CreatedLinkSchema = Type.Object({ url: Type.String(), expiresAt: TimestampSchema })

export const CreateInvitationRequestSchema = Type.Object(
  { email, role, name: Type.Optional(Type.String({ maxLength: 120 })) },
  { additionalProperties: false },
)

export const InvitationSchema = Type.Object({
  id: Type.String(),
  email: Type.String(),
  name: Type.String(),
  role,
  createdAt: TimestampSchema,
  expiresAt: TimestampSchema,
})
export type Invitation = Type.Static<typeof InvitationSchema>
export const InvitationListSchema = Type.Object({ invitations: Type.Array(InvitationSchema) })
export const CreatedInvitationSchema = Type.Object({ invitation: InvitationSchema, url: Type.String() })

export const LoginSessionSchema = Type.Object({
  id: Type.String(),
  isCurrent: Type.Boolean(),
  /** What the browser said of itself at sign-in. */
  userAgent: Type.String(),
  /** Where it signed in from. */
  address: Type.String(),
  createdAt: TimestampSchema,
  lastSeenAt: TimestampSchema,
  /** It ends then at the latest, or earlier when it is not used. */
  expiresAt: TimestampSchema,
})
export type LoginSessionInfo = Type.Static<typeof LoginSessionSchema>
export const LoginSessionListSchema = Type.Object({ loginSessions: Type.Array(LoginSessionSchema) })
export const LoginSessionParamsSchema = Type.Object({ loginSessionId: ClientIdSchema })

export const TotpStateSchema = Type.Object({
  isEnabled: Type.Boolean(),
  /** Not used yet. */
  recoveryCodesLeft: Type.Integer(),
})
export type TotpState = Type.Static<typeof TotpStateSchema>

export const PasswordProofSchema = Type.Object({ password }, { additionalProperties: false })

/** For an authenticator app; nothing is switched on yet. */
export const TotpEnrolmentSchema = Type.Object({
  /** Base32, for typing. */
  secret: Type.String(),
  /** otpauth://, for a QR code. */
  uri: Type.String(),
})
export type TotpEnrolment = Type.Static<typeof TotpEnrolmentSchema>

export const ConfirmTotpRequestSchema = Type.Object(
  { code: Type.String({ minLength: 6, maxLength: 16 }) },
  { additionalProperties: false },
)

/** Shown this once; stored only as hashes. Each works once. */
export const RecoveryCodesSchema = Type.Object({ recoveryCodes: Type.Array(Type.String()) })
export type RecoveryCodes = Type.Static<typeof RecoveryCodesSchema>
