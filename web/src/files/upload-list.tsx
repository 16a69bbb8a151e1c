import { Icon } from '../chat/icon.js';
import { fileTexts, sizeText } from '../language/files.js';
import type { Upload, Uploads } from './uploads.js';

/** What goes with the next message, and how far it is. */
export function UploadList({ uploads }: { uploads: Uploads }) {
  const list = uploads.list.value;
  if (list.length === 0) return null;
  return (
    <ul class="uploads">
      {list.map((upload) => (
        <UploadRow
          key={upload.key}
          upload={upload}
          onRemove={() => {
            uploads.remove(upload.key);
          }}
        />
      ))}
    </ul>
  );
}

function UploadRow({ upload, onRemove }: { upload: Upload; onRemove: () => void }) {
  const words = fileTexts.value;
  const { name, size, sent, attachment, failure } = upload;
  return (
    <li class="upload" data-failed={failure !== null}>
      <Icon name="file" />
      <span class="upload-words">
        <bdi>{name}</bdi>
        <span class="upload-note" role={failure === null ? undefined : 'alert'}>
          {failure ?? (attachment === null ? sizeText(size) : `${sizeText(size)} · ${words.ready}`)}
        </span>
        {attachment === null && failure === null && (
          <progress max={size} value={sent} aria-label={words.sending(name)} />
        )}
      </span>
      <button class="plain" type="button" aria-label={words.remove(name)} onClick={onRemove}>
        <Icon name="close" />
      </button>
    </li>
  );
}
