/** A named, parameterised statement: the server parses and plans it once per connection. */
export interface Statement {
  name: string
  text: string
}
