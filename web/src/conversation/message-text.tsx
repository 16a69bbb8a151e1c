import { piecesOf } from './links.js';

/** What somebody wrote, as text and nothing else; web addresses can be followed. */
export function MessageText({ text }: { text: string }) {
  return (
    <p class="text" dir="auto">
      {piecesOf(text).map((piece, index) =>
        piece.kind === 'text' ? (
          piece.text
        ) : (
          <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        ),
      )}
    </p>
  );
}
