import type { zhCatalogue } from './catalogue/zh-catalogue.ts'

type Catalogue = typeof zhCatalogue

/** Every text of the user interface, by the name it has in the catalogues. Chinese is the base type. */
export type TextKey = keyof Catalogue

type ParamOf<Message> = Message extends `${string}{${infer Name}}${infer Rest}` ? Name | ParamOf<Rest> : never

/** `text('search.open')`, `text('search.none', { query })`: the values a text needs are known from its Chinese form. */
export type TextOf<Texts> = <Key extends keyof Texts>(
  key: Key,
  ...values: [ParamOf<Texts[Key]>] extends [never] ? [] : [Record<ParamOf<Texts[Key]>, string | number>]
) => string

export type Text = TextOf<Catalogue>
