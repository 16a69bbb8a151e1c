import { FileCalls, type Message } from '@parley/client';
import type { Attachment } from '@parley/protocol';
import { useEffect, useState } from 'preact/hooks';
import type { Chat } from '../chat/chat.js';
import { Icon } from '../chat/icon.js';
import { fileTexts, sizeText } from '../language/files.js';
import { save } from '../download/save.js';

/** The files of a message: pictures to be seen, the others to be saved. */
export function Files({ chat, message }: { chat: Chat; message: Message }) {
  return (
    <ul class="files">
      {message.attachments.map((file) => (
        <li key={file.id}>
          <FileButton chat={chat} file={file} />
        </li>
      ))}
    </ul>
  );
}

interface FileProps {
  readonly chat: Chat;
  readonly file: Attachment;
}

function FileButton({ chat, file }: FileProps) {
  const words = fileTexts.value;
  const [isGone, setGone] = useState(false);
  const { id, name, size, width } = file;
  const open = async (): Promise<void> => {
    const isDone = await chat.acts.perform(async () => {
      save(name, await chat.ask((rest, token) => new FileCalls(rest, token).open(id)));
    });
    setGone(!isDone);
  };
  return (
    <button
      class="file"
      type="button"
      aria-label={words.save(name)}
      title={name}
      onClick={() => void open()}
    >
      {width === undefined ? <Icon name="file" /> : <Thumbnail chat={chat} file={file} />}
      <span class="file-words">
        <bdi>{name}</bdi>
        <span>{isGone ? words.gone : sizeText(size)}</span>
      </span>
    </button>
  );
}

/** A thumbnail that is larger than this is none. */
const MOST_BYTES = 512 * 1024;
/** Pixels of the longer side. */
const LONGEST = 320;

/** A picture, small. Its place is kept until it is there: what is being read does not move. */
function Thumbnail({ chat, file: { id, name, width = 1, height = 1 } }: FileProps) {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const load = async (): Promise<void> => {
      const picture = await chat.ask((rest, token) =>
        new FileCalls(rest, token).thumbnail(id, stop.signal),
      );
      const read = picture.size <= MOST_BYTES ? await addressOf(picture) : null;
      if (!stop.signal.aborted) setAddress(read);
    };
    // Without it there is still the name.
    load().catch(() => null);
    return () => {
      stop.abort();
    };
  }, [id]);
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  if (address === null) return <canvas class="thumbnail" {...size} aria-hidden="true" />;
  return <img class="thumbnail" src={address} alt={name} {...size} />;
}

/** The policy of the page lets it show pictures of its own, and these, but no others. */
function addressOf(picture: Blob): Promise<string | null> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(typeof reader.result === 'string' ? reader.result : null);
    };
    reader.onerror = () => {
      resolve(null);
    };
    reader.readAsDataURL(picture);
  });
}
