import { signal } from '@preact/signals';

/** What was dropped on the page or pasted last; another array each time. */
export const givenFiles = signal<readonly File[]>([]);

/**
 * What is dropped on a page opens instead of the page, unless it is told not to; with a chat goes
 * what was being written. Files go with a message; text may be dropped where text is written.
 */
export function takeFiles(): void {
  window.addEventListener('dragover', (event) => {
    if (!isTextForField(event)) event.preventDefault();
  });
  window.addEventListener('drop', (event) => {
    if (isTextForField(event)) return;
    event.preventDefault();
    give(event.dataTransfer);
  });
  window.addEventListener('paste', ({ clipboardData }) => {
    // Who copies from a table has its picture on the clipboard, too, and means the text.
    if (clipboardData?.getData('text/plain') === '') give(clipboardData);
  });
}

function give(transfer: DataTransfer | null): void {
  if (hasFiles(transfer)) givenFiles.value = [...(transfer?.files ?? [])];
}

function isTextForField({ target, dataTransfer }: DragEvent): boolean {
  const isField = target instanceof Element && target.closest('input, textarea') !== null;
  return isField && !hasFiles(dataTransfer);
}

function hasFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') === true;
}
