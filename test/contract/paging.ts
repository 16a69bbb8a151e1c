/** All of a list, as whoever pages through it sees it. */
export async function inPages<Item>(
  size: number,
  read: (last?: Item) => Promise<readonly Item[]>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  for (let page = await read(); page.length > 0; page = await read(all.at(-1))) {
    all.push(...page);
    if (page.length < size) break;
  }
  return all;
}
