import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface ModalProps {
  readonly title: string;
  /** It is there to be read: from its beginning, where it is higher than the screen. */
  readonly isReading?: boolean;
  /** It has been closed, by whatever means. */
  readonly onDone: () => void;
  readonly children: ComponentChildren;
}

/** A dialog that lies over everything. Escape closes it, and the browser puts the focus back. */
export function Modal({ title, isReading = false, onDone, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Closed before it goes: only then the browser gives the focus back.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog class="modal" ref={dialog} onClose={onDone} aria-labelledby="modal-title">
      <h2 id="modal-title" tabIndex={isReading ? -1 : undefined} autofocus={isReading}>
        {title}
      </h2>
      {children}
    </dialog>
  );
}
