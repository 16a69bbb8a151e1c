/** All orders of a few things. */
export function permutationsOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((first, index) =>
    permutationsOf(items.filter((_, other) => other !== index)).map((rest) => [first, ...rest]),
  );
}
