import { piecesOf } from './links.js';

/**
 * What somebody wrote, as text and nothing else; addresses can be followed. Each paragraph runs in
 * its own direction, by the style sheet; an address from left to right, as browsers show it.
 */
export function MessageText({ text }: { text: string }) {
  return (
    <p class="text">
      {piecesOf(text).map((piece, index) =>
        piece.kind === 'text' ? (
          piece.text
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
