/** The files of a paste or drop; none where it brings words too: a table copied from a sheet comes as text and picture. */
export function listPastedFiles(data: DataTransfer): File[] {
  return data.types.includes('text/plain') ? [] : [...data.files]
}

/** Folders look like files, but cannot be read. */
export function listDroppedFiles(data: DataTransfer): File[] {
  return [...data.items].flatMap((item) => {
    const file = item.kind === 'file' && !item.webkitGetAsEntry()?.isDirectory ? item.getAsFile() : null
    return file ? [file] : []
  })
}

/** Whether files are being dragged, and not a selection of the page. */
export function bringsFiles(data: DataTransfer | null): data is DataTransfer {
  return data?.types.includes('Files') === true
}
