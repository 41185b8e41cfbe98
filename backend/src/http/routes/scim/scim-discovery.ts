import { maxPageSize } from '../../../users/scim/scim-page.ts'
import { groupSchema } from '../../../users/scim/scim-group.ts'
import { toListResponse } from '../../../users/scim/scim-page.ts'
import type { ScimJson } from '../../../users/scim/scim-json.ts'
import { userSchema } from '../../../users/scim/scim-user.ts'

interface AttributeOptions {
  type?: 'string' | 'boolean' | 'complex' | 'reference'
  multiValued?: boolean
  required?: boolean
  caseExact?: boolean
  mutability?: 'readWrite' | 'readOnly'
  uniqueness?: 'none' | 'server'
  subAttributes?: readonly ScimJson[]
  referenceTypes?: readonly string[]
}

function toAttribute(name: string, options: AttributeOptions = {}): ScimJson {
  return {
    name,
    type: 'string',
    multiValued: false,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...options,
  }
}

const reference = (type: string): ScimJson =>
  toAttribute('$ref', { type: 'reference', mutability: 'readOnly', referenceTypes: [type] })

const userAttributes = [
  toAttribute('userName', { required: true, uniqueness: 'server' }),
  toAttribute('externalId', { caseExact: true }),
  toAttribute('name', {
    type: 'complex',
    subAttributes: [toAttribute('formatted'), toAttribute('givenName'), toAttribute('familyName')],
  }),
  toAttribute('displayName'),
  toAttribute('emails', {
    type: 'complex',
    multiValued: true,
    subAttributes: [toAttribute('value'), toAttribute('type'), toAttribute('primary', { type: 'boolean' })],
  }),
  toAttribute('active', { type: 'boolean' }),
  toAttribute('groups', {
    type: 'complex',
    multiValued: true,
    mutability: 'readOnly',
    subAttributes: [toAttribute('value'), toAttribute('display'), reference('Group')],
  }),
]

const groupAttributes = [
  toAttribute('displayName', { required: true, uniqueness: 'server', caseExact: true }),
  toAttribute('externalId', { caseExact: true }),
  toAttribute('members', {
    type: 'complex',
    multiValued: true,
    subAttributes: [toAttribute('value'), toAttribute('display'), toAttribute('type'), reference('User')],
  }),
]

/** RFC 7643 §5: what this server can do. */
export function toServiceProviderConfig(baseUrl: string): ScimJson {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: maxPageSize },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'API key',
        description: 'An administrator’s API key with the scope scim, as Authorization: Bearer …',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  }
}

export function listResourceTypes(baseUrl: string): ScimJson[] {
  return [
    { name: 'User', schema: userSchema },
    { name: 'Group', schema: groupSchema },
  ].map(({ name, schema }) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: name,
    name,
    endpoint: `/${name}s`,
    schema,
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${name}` },
  }))
}

export function listSchemas(baseUrl: string): ScimJson[] {
  return [
    { id: userSchema, name: 'User', attributes: userAttributes },
    { id: groupSchema, name: 'Group', attributes: groupAttributes },
  ].map((schema) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    ...schema,
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${schema.id}` },
  }))
}

export function toWholeList(resources: readonly ScimJson[]): ScimJson {
  return toListResponse(resources, resources.length, 0)
}
