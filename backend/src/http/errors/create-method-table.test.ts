import { expect, test } from 'vitest'
import { createMethodTable } from './create-method-table.ts'

test('tells which methods an address knows', () => {
  const table = createMethodTable()
  table.add({ method: 'GET', url: '/api/chats' })
  table.add({ method: ['GET', 'HEAD'], url: '/api/chats/:id' })
  table.add({ method: 'POST', url: '/api/chats/:id/stop' })
  table.add({ method: 'DELETE', url: '/api/chats/:id' })
  table.add({ method: 'GET', url: '/*' })
  table.add({ method: 'GET', url: '/api/openapi.json' })
  expect(table.listMethods('/api/chats')).toEqual(['GET'])
  expect(table.listMethods('/api/chats/a.b')).toEqual(['DELETE', 'GET', 'HEAD'])
  expect(table.listMethods('/api/chats/a/stop')).toEqual(['POST'])
  expect(table.listMethods('/api/chats/a/stop/now')).toEqual([])
  expect(table.listMethods('/api/openapi-json')).toEqual([])
})
