import Type from 'typebox'

/** `returnTo`: a path of this place to go on at; others count as the front page. */
export const OidcStartQuerySchema = Type.Object(
  { returnTo: Type.Optional(Type.String({ maxLength: 2000 })), isPersistent: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
)
