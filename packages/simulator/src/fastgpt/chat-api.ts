import { type Exchange, sendReply } from '../http/exchange.ts'
import { findNumber, findText, type JsonObject } from '../http/json-fields.ts'
import type { ChatRecord, ChatStore, StoredChat } from './chat-store.ts'
import { toFastgptRefusal } from './fastgpt-error.ts'

/** Where older builds have an endpoint, by its newer path. */
const OLD_PATHS: Readonly<Record<string, string>> = {
  'core/chat/getHistories': 'core/chat/history/getHistories',
  'core/chat/updateHistory': 'core/chat/history/updateHistory',
  'core/chat/delHistory': 'core/chat/history/delHistory',
  'core/chat/clearHistories': 'core/chat/history/clearHistories',
  'core/chat/getPaginationRecords': 'core/chat/record/getPaginationRecords',
  'core/chat/getResData': 'core/chat/record/getResData',
  'core/chat/item/delete': 'core/chat/record/delete',
}

type Answer = (store: ChatStore, fields: JsonObject) => unknown

function toTime(chat: StoredChat): string {
  return new Date(1_770_000_000_000 + chat.changeNumber * 1000).toISOString()
}

function toPage<Item>(items: readonly Item[], fields: JsonObject): Item[] {
  const offset = findNumber(fields, 'offset') ?? 0
  return items.slice(offset, offset + (findNumber(fields, 'pageSize') ?? 20))
}

function findChat(store: ChatStore, fields: JsonObject): StoredChat | null {
  return store.find(findText(fields, 'chatId') ?? '')
}

const getInit: Answer = (store, fields) => {
  const chat = findChat(store, fields)
  const questionGuide = { open: false }
  const chatConfig = {
    questionGuide,
    ttsConfig: { type: 'web' },
    whisperConfig: { open: false },
    chatInputGuide: { open: false },
    instruction: '',
    variables: [{ key: 'uid', label: 'User', type: 'input', required: false }],
    fileSelectConfig: { canSelectFile: true, canSelectImg: true, maxFiles: 10 },
    welcomeText: 'Hello, I am a simulated FastGPT app. 你好！',
  }
  const app = {
    chatConfig,
    chatModels: ['simulated-model'],
    name: 'Simulated app',
    avatar: '',
    intro: '',
  }
  return {
    chatId: findText(fields, 'chatId') ?? '',
    appId: findText(fields, 'appId') ?? '',
    ...(chat === null ? {} : { title: chat.customTitle === '' ? chat.title : chat.customTitle }),
    variables: {},
    app: { ...app, type: 'advanced', pluginInputs: [] },
  }
}

const listHistories: Answer = (store, fields) => {
  const appId = findText(fields, 'appId')
  const chats = store
    .list()
    .filter((chat) => chat.records.length > 0 && (appId === null || chat.appId === appId))
    .sort((left, right) => Number(right.isTop) - Number(left.isTop) || right.changeNumber - left.changeNumber)
  const list = toPage(chats, fields).map((chat) => ({
    chatId: chat.chatId,
    updateTime: toTime(chat),
    appId: chat.appId,
    customTitle: chat.customTitle,
    title: chat.title,
    top: chat.isTop,
  }))
  return { list, total: chats.length }
}

const updateHistory: Answer = (store, fields) => {
  const chat = findChat(store, fields)
  if (chat === null) return null
  chat.customTitle = findText(fields, 'customTitle') ?? chat.customTitle
  if (typeof fields['top'] === 'boolean') chat.isTop = fields['top']
  return null
}

const deleteHistory: Answer = (store, fields) => {
  store.delete(findText(fields, 'chatId') ?? '')
  return null
}

const clearHistories: Answer = (store, fields) => {
  for (const chat of store.list()) if (chat.appId === findText(fields, 'appId')) store.delete(chat.chatId)
  return null
}

function toWireRecord(record: ChatRecord): JsonObject {
  return {
    _id: record.dataId,
    dataId: record.dataId,
    obj: record.obj,
    value: record.value,
    customFeedbacks: [],
    ...(record.userGoodFeedback === null ? {} : { userGoodFeedback: record.userGoodFeedback }),
    ...(record.userBadFeedback === null ? {} : { userBadFeedback: record.userBadFeedback }),
    ...(record.obj === 'AI' ? { llmModuleAccount: 1, totalQuoteList: [], totalRunningTime: 1.2 } : {}),
    historyPreviewLength: 2,
  }
}

/** Pages count from the newest record; within a page the oldest comes first. */
const listRecords: Answer = (store, fields) => {
  const records = findChat(store, fields)?.records ?? []
  const page = toPage([...records].reverse(), fields).reverse()
  return { list: page.map(toWireRecord), total: records.length }
}

function findRecord(store: ChatStore, fields: JsonObject, key: string): ChatRecord | null {
  return findChat(store, fields)?.records.find((record) => record.dataId === fields[key]) ?? null
}

const deleteRecord: Answer = (store, fields) => {
  const chat = findChat(store, fields)
  if (chat !== null) chat.records = chat.records.filter((record) => record.dataId !== fields['contentId'])
  return null
}

const updateFeedback: Answer = (store, fields) => {
  const record = findRecord(store, fields, 'dataId')
  if (record === null) return null
  record.userGoodFeedback = findText(fields, 'userGoodFeedback')
  record.userBadFeedback = findText(fields, 'userBadFeedback')
  return null
}

const stopChat: Answer = (store, fields) => {
  findChat(store, fields)?.run?.stop()
  return { success: true }
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  'GET core/chat/init': getInit,
  'POST core/chat/history/getHistories': listHistories,
  'POST core/chat/history/updateHistory': updateHistory,
  'PUT core/chat/history/updateHistory': updateHistory,
  'DELETE core/chat/history/delHistory': deleteHistory,
  'DELETE core/chat/history/clearHistories': clearHistories,
  'POST core/chat/record/getPaginationRecords': listRecords,
  'GET core/chat/record/getResData': (store, fields) => findRecord(store, fields, 'dataId')?.responseData ?? [],
  'DELETE core/chat/record/delete': deleteRecord,
  'POST core/chat/feedback/updateUserFeedback': updateFeedback,
  'POST v2/chat/stop': stopChat,
}

/** All endpoints but the answering ones, in FastGPT's envelope; every one of them wants an `appId`. */
export function handleChatApi(store: ChatStore, exchange: Exchange, path: string): void {
  const answer = ANSWERS[`${exchange.method} ${OLD_PATHS[path] ?? path}`]
  if (answer === undefined) {
    sendReply(exchange.response, {
      status: 404,
      headers: { 'content-type': 'text/html' },
      body: '404 not found',
    })
    return
  }
  const fields: JsonObject = {
    ...Object.fromEntries(exchange.query),
    ...exchange.body,
  }
  if ((findText(fields, 'appId') ?? '') === '') {
    sendReply(exchange.response, toFastgptRefusal(500, 'appId is empty', false))
    return
  }
  const data = answer(store, fields)
  sendReply(exchange.response, {
    status: 200,
    body: { code: 200, statusText: '', message: '', data },
  })
}
