import type { zhCatalogue } from './catalogue/zh-catalogue.ts'

type Catalogue = typeof zhCatalogue

/** Every text of the user interface, by the name it has in the catalogues. Chinese is the base type. */
export type TextKey = keyof Catalogue

type ParamOf<Message extends string> = Message extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamOf<Rest>
  : never

type ParamsOf<Key extends TextKey> = ParamOf<Catalogue[Key]>

/** `text('search.open')`, `text('search.none', { query })`: the values a text needs are known from its Chinese form. */
export type Text = <Key extends TextKey>(
  key: Key,
  ...values: [ParamsOf<Key>] extends [never] ? [] : [Record<ParamsOf<Key>, string | number>]
) => string
