/** A piece of a text, and whether it is what was looked for. */
export interface Piece {
  readonly text: string;
  readonly isFound: boolean;
}

/**
 * Cuts a text at what was found in it. Joined, the pieces are the text.
 * @param ranges `[start, end)` in code points, ascending; what lies outside of the text is passed by
 */
export function piecesOf(
  text: string,
  ranges: readonly (readonly [start: number, end: number])[],
): readonly Piece[] {
  const points = Array.from(text);
  const pieces: Piece[] = [];
  let done = 0;
  const cut = (end: number, isFound: boolean): void => {
    if (end <= done) return;
    pieces.push({ text: points.slice(done, end).join(''), isFound });
    done = Math.min(end, points.length);
  };
  for (const [start, end] of ranges) {
    cut(Math.min(start, points.length), false);
    cut(Math.min(end, points.length), true);
  }
  cut(points.length, false);
  return pieces;
}
