import { type Conversation, EXPORT_FORMATS, type ExportFormat } from '@parley/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Chat } from '../chat/chat.js';
import { placeName } from '../chat/place-name.js';
import { Modal } from '../chat/modal.js';
import { downloadTexts } from '../language/download.js';
import { language, texts } from '../language/language.js';
import { rest } from '../session/entry.js';
import { save } from './save.js';

interface DownloadDialogProps {
  readonly chat: Chat;
  readonly conversation: Conversation;
  readonly onDone: () => void;
}

type Progress =
  | { readonly name: 'choosing' | 'failed' }
  | { readonly name: 'running' | 'done'; readonly bytes: number };

/** Offers the history of a conversation in each format, and shows how the download goes. */
export function DownloadDialog({ chat, conversation, onDone }: DownloadDialogProps) {
  const [format, setFormat] = useState<ExportFormat>('txt');
  const { progress, run } = useDownload(chat, conversation);
  const isRunning = progress.name === 'running';
  const words = downloadTexts.value;
  return (
    <Modal title={words.downloadOf(placeName(chat, conversation))} onDone={onDone}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isRunning) void run(format);
        }}
      >
        <Formats chosen={format} onChoose={setFormat} />
        <p class="download-progress" role="status">
          {progressText(progress)}
        </p>
        <div class="actions">
          <button type="button" onClick={onDone}>
            {progress.name === 'done' ? texts.value.close : texts.value.cancel}
          </button>
          <button class="primary" type="submit" aria-disabled={isRunning}>
            {words.downloadNow}
          </button>
        </div>
      </form>
    </Modal>
  );
}

/** A download at a time; it stops with the dialog. */
function useDownload(chat: Chat, conversation: Conversation) {
  const stopper = useRef<AbortController | null>(null);
  const [progress, setProgress] = useState<Progress>({ name: 'choosing' });
  useEffect(() => () => stopper.current?.abort(), []);

  const run = async (format: ExportFormat): Promise<void> => {
    const stop = new AbortController();
    stopper.current = stop;
    const show = (bytes: number): void => {
      setProgress({ name: 'running', bytes });
    };
    show(0);
    try {
      // Few ever download anything: nobody else loads what it takes.
      const { fetchHistory } = await import('./history-download.js');
      const file = await chat.ask((_, accessToken) =>
        fetchHistory({
          rest,
          conversation,
          format,
          accessToken,
          signal: stop.signal,
          progress: show,
        }),
      );
      save(file.name, file.content);
      setProgress({ name: 'done', bytes: file.content.size });
    } catch {
      // Whatever broke it, the person sees that it did and can try again.
      if (!stop.signal.aborted) setProgress({ name: 'failed' });
    }
  };
  return { progress, run };
}

interface FormatsProps {
  readonly chosen: ExportFormat;
  readonly onChoose: (format: ExportFormat) => void;
}

function Formats({ chosen, onChoose }: FormatsProps) {
  const words = downloadTexts.value;
  return (
    <fieldset class="formats">
      <legend class="unseen">{words.format}</legend>
      {EXPORT_FORMATS.map((one) => (
        <label key={one}>
          <input
            type="radio"
            name="format"
            checked={one === chosen}
            onChange={() => {
              onChoose(one);
            }}
          />
          <strong>{words.formats[one].name}</strong>
          <span>{words.formats[one].hint}</span>
        </label>
      ))}
    </fieldset>
  );
}

function progressText(progress: Progress): string {
  const words = downloadTexts.value;
  switch (progress.name) {
    case 'choosing':
      return '';
    case 'failed':
      return words.downloadFailed;
    case 'running':
      return words.received(amountText(progress.bytes));
    case 'done':
      return words.downloadDone(amountText(progress.bytes));
  }
}

function amountText(bytes: number): string {
  const isSmall = bytes < 1_000_000;
  const amount = bytes / (isSmall ? 1_000 : 1_000_000);
  return new Intl.NumberFormat(language.value, {
    style: 'unit',
    unit: isSmall ? 'kilobyte' : 'megabyte',
    maximumFractionDigits: 1,
  }).format(amount);
}
