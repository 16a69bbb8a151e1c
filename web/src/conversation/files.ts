import { signal } from '@preact/signals';

/** How often somebody tried to send a file. */
export const filesRefused = signal(0);

/**
 * What is dropped on a page opens instead of the page, unless it is told not to; with a chat goes
 * what was being written. Text may be dropped where text is written.
 */
export function refuseFiles(): void {
  window.addEventListener('dragover', (event) => {
    if (!isTextForField(event)) event.preventDefault();
  });
  window.addEventListener('drop', (event) => {
    if (isTextForField(event)) return;
    event.preventDefault();
    if (hasFiles(event.dataTransfer)) filesRefused.value += 1;
  });
  window.addEventListener('paste', ({ clipboardData }) => {
    const isFileAlone = hasFiles(clipboardData) && clipboardData?.getData('text/plain') === '';
    if (isFileAlone) filesRefused.value += 1;
  });
}

function isTextForField({ target, dataTransfer }: DragEvent): boolean {
  const isField = target instanceof Element && target.closest('input, textarea') !== null;
  return isField && !hasFiles(dataTransfer);
}

function hasFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') === true;
}
