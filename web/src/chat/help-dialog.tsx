import { helpTexts } from '../language/help.js';
import { texts } from '../language/language.js';
import { Modal } from './modal.js';
import { hasSingleKey, switchSingleKey } from './shortcuts.js';

/** Which keys do what. */
export function HelpDialog({ onDone }: { onDone: () => void }) {
  const words = { ...texts.value, ...helpTexts.value };
  const shortcuts: readonly (readonly [keys: readonly string[], what: string])[] = [
    [['Enter'], words.send],
    [['Shift', 'Enter'], words.newLine],
    [['↑'], words.editLast],
    [['Alt', '↓'], words.nextConversation],
    [['Alt', '↑'], words.previousConversation],
    [['Esc'], words.closeWhatIsOpen],
    [['Ctrl', '/'], words.shortcuts],
    [['?'], words.shortcutsElsewhere],
  ];
  return (
    <Modal title={words.shortcuts} isReading onDone={onDone}>
      <dl class="shortcuts">
        {shortcuts.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label class="choice">
        <input
          type="checkbox"
          checked={hasSingleKey.value}
          onChange={(event) => {
            switchSingleKey(event.currentTarget.checked);
          }}
        />
        <span>{words.singleKey}</span>
      </label>
      <div class="actions">
        <button type="button" onClick={onDone}>
          {words.close}
        </button>
      </div>
    </Modal>
  );
}
