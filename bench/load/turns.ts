/** Round-robin: the item at that turn. @throws RangeError where there is none */
export function atTurn<Item>(items: readonly Item[], turn: number): Item {
  const item = items[turn % items.length];
  if (item === undefined) throw new RangeError('there is nobody to take a turn');
  return item;
}
