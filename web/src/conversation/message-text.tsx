import { piecesOf } from './links.js';
import { namedIn } from './mentions.js';

interface MessageTextProps {
  readonly text: string;
  /** Names of people whom the text mentions. */
  readonly names?: readonly string[];
}

/**
 * What somebody wrote, as text and nothing else; addresses can be followed, and whom it mentions is
 * marked. Each paragraph runs in its own direction, by the style sheet; an address from left to right,
 * as browsers show it.
 */
export function MessageText({ text, names = [] }: MessageTextProps) {
  return (
    <p class="text">
      {piecesOf(text).map((piece, index) =>
        piece.kind === 'text' ? (
          withMentions(piece.text, names)
        ) : (
          <a
            key={index}
            href={piece.href}
            dir="ltr"
            target={piece.href.startsWith('mailto:') ? undefined : '_blank'}
            rel="noopener noreferrer nofollow"
          >
            {piece.text}
          </a>
        ),
      )}
    </p>
  );
}

function withMentions(text: string, names: readonly string[]) {
  if (names.length === 0) return text;
  let done = 0;
  const pieces = namedIn(text, names).map(({ name, start, end }) => {
    const before = text.slice(done, start);
    done = end;
    return [before, <mark class="mention">@{name}</mark>];
  });
  return [...pieces, text.slice(done)];
}
