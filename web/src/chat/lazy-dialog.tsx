import type { ComponentType } from 'preact';
import { texts } from '../language/language.js';
import { lazy } from '../lazy.js';
import { Modal } from './modal.js';

interface DialogProps {
  readonly onDone: () => void;
}

/** A dialog that is loaded when it is opened. */
export function lazyDialog<Props extends DialogProps>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  return lazy(load, { Before: () => null, Failed: FailedDialog });
}

function FailedDialog({ onDone }: DialogProps) {
  const words = texts.value;
  return (
    <Modal title={words.partFailed} onDone={onDone}>
      <div class="actions">
        <button type="button" onClick={onDone}>
          {words.close}
        </button>
      </div>
    </Modal>
  );
}
