import { createChoiceSetting, createFlagSetting, createMappingSetting, createTextSetting } from '../setting.ts'
import { parseEmail, parseText, parseWebUrl } from '../setting-parsers.ts'

const roleWords = ['admin', 'operator', 'auditor', 'member'] as const

export const directorySettings = {
  passwordSignIn: createChoiceSetting({
    variable: 'PASSWORD_SIGN_IN',
    description:
      'Whose password of this place counts. break-glass: that of BREAK_GLASS_ADMIN alone; everybody else comes by the directory.',
    choices: ['everybody', 'break-glass'],
    default: 'everybody',
    example: 'break-glass',
  }),
  breakGlassAdmin: createTextSetting({
    variable: 'BREAK_GLASS_ADMIN',
    description: 'The administrator who still gets in by password on the day the directory is away.',
    rule: 'an e-mail address',
    example: 'admin@corp.example',
    default: null,
    parse: parseEmail,
  }),
  oidcIssuer: createTextSetting({
    variable: 'OIDC_ISSUER',
    description:
      'The OpenID Connect provider people sign in with. A private address also needs OUTBOUND_ALLOWED_HOSTS. Needs OIDC_CLIENT_ID and PUBLIC_URL. See docs/SIGN_IN.md.',
    rule: 'an http or https address without query',
    example: 'https://sso.corp.example/realms/staff',
    default: null,
    // As it is: issuers are compared letter by letter, a trailing slash included.
    parse: (text) => (parseWebUrl(text) === undefined ? undefined : text),
  }),
  oidcClientId: createTextSetting({
    variable: 'OIDC_CLIENT_ID',
    description:
      'What the provider calls this place. Its redirect address there: PUBLIC_URL + /api/auth/oidc/callback.',
    rule: 'an id',
    example: 'llmchat',
    default: null,
    parse: parseText,
  }),
  oidcClientSecret: createTextSetting({
    variable: 'OIDC_CLIENT_SECRET',
    description: 'The secret that belongs to OIDC_CLIENT_ID; without one this place is a public client.',
    rule: 'a secret',
    example: '(from the provider)',
    default: null,
    parse: parseText,
  }),
  oidcClientSecretFile: createTextSetting({
    variable: 'OIDC_CLIENT_SECRET_FILE',
    description: 'A file that holds OIDC_CLIENT_SECRET.',
    rule: 'a path',
    example: '/run/secrets/oidc-client-secret',
    default: null,
    parse: parseText,
  }),
  oidcClientAuth: createChoiceSetting({
    variable: 'OIDC_CLIENT_AUTH',
    description: 'How the secret is sent to the provider: in the header (client_secret_basic) or in the body.',
    choices: ['basic', 'post'],
    default: 'basic',
    example: 'post',
  }),
  oidcScopes: createTextSetting({
    variable: 'OIDC_SCOPES',
    description: 'What is asked of the provider.',
    rule: 'scopes separated by spaces, openid among them',
    example: 'openid profile email groups',
    default: 'openid profile email',
    parse: (text) => (text.split(/\s+/).includes('openid') ? text : undefined),
  }),
  oidcGroupsClaim: createTextSetting({
    variable: 'OIDC_GROUPS_CLAIM',
    description: 'The claim that holds the names of groups; a dot goes one level down.',
    rule: 'the name of a claim',
    example: 'groups',
    default: 'groups',
    parse: parseText,
  }),
  oidcRoleClaim: createTextSetting({
    variable: 'OIDC_ROLE_CLAIM',
    description: 'The claim that OIDC_ROLE_MAPPING looks at.',
    rule: 'the name of a claim',
    example: 'realm_access.roles',
    default: null,
    defaultText: 'OIDC_GROUPS_CLAIM',
    parse: parseText,
  }),
  oidcRoleMapping: createMappingSetting({
    variable: 'OIDC_ROLE_MAPPING',
    description:
      'What a value of the role claim makes of somebody, at every sign-in; the highest counts, none makes a member. Without it roles are given here.',
    words: roleWords,
    example: '{"llmchat-admins":"admin","llmchat-ops":"operator"}',
  }),
  oidcGroupMapping: createMappingSetting({
    variable: 'OIDC_GROUP_MAPPING',
    description: 'Which value of the groups claim is which of our groups; without it the names are the same.',
    words: null,
    example: '{"a1b2-…":"Legal"}',
  }),
  oidcCreateGroups: createFlagSetting({
    variable: 'OIDC_CREATE_GROUPS',
    description: 'Groups that somebody brings along and that are not there yet are made.',
    default: false,
    defaultText: '0',
  }),
  oidcAutoCreate: createFlagSetting({
    variable: 'OIDC_AUTO_CREATE',
    description:
      'Whoever the provider lets in gets an account. Off: only people who are there already (by SCIM, or joined by address).',
    default: true,
    defaultText: '1',
    example: '0',
  }),
  oidcLinkByEmail: createFlagSetting({
    variable: 'OIDC_LINK_BY_EMAIL',
    description:
      'An account of the same address is theirs, if the provider says email_verified. Off: accounts are never joined by address.',
    default: false,
    defaultText: '0',
  }),
  oidcExternalIdClaim: createTextSetting({
    variable: 'OIDC_EXTERNAL_ID_CLAIM',
    description:
      'The claim that holds the externalId by which SCIM knows the person, to join the two at the first sign-in.',
    rule: 'the name of a claim',
    example: 'oid',
    default: null,
    parse: parseText,
  }),
  oidcLabel: createTextSetting({
    variable: 'OIDC_LABEL',
    description: 'What the button on the sign-in page says.',
    rule: 'at most 60 characters',
    example: 'Corp account',
    default: null,
    defaultText: 'the page’s own words',
    parse: (text) => (text.length <= 60 ? text : undefined),
  }),
}
