/**
 * What a message is found by: its text, and the names of its files. The index takes terms at the border of
 * two of them for neighbours; what it finds is looked at once more, one by one.
 */
export function findableText(text: string, fileNames: readonly string[]): string {
  return [text, ...fileNames].join('\n');
}
