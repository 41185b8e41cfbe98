import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { UseMutationResult } from '@tanstack/react-query'
import { showToast } from '../../../shared/ui/toast-store.ts'

interface ActOptions<Input, Output> {
  run: (input: Input) => Promise<Output>
  /** Said in a toast; null: what comes next says it. */
  done: string | null
  onDone?: (output: Output) => void
}

/** A change on the server. Whatever of the administration is on the page is read again, before it counts as done. */
export function useAct<Output, Input = void>(
  options: ActOptions<Input, Output>,
): UseMutationResult<Output, unknown, Input> {
  const queryClient = useQueryClient()
  return useMutation<Output, unknown, Input>({
    mutationFn: options.run,
    onSuccess: async (output) => {
      await queryClient.invalidateQueries({ queryKey: ['admin'] })
      if (options.done !== null) showToast({ kind: 'ok', text: options.done })
      options.onDone?.(output)
    },
  })
}
