import type { ListedPerson } from '@parley/protocol';
import type { PeopleFrame } from './frames.js';

/**
 * The JSON of lists of people in one format. Many ask for the same list: its text is built once,
 * and only a ref is appended.
 */
export class ListTexts {
  private readonly texts = new WeakMap<readonly ListedPerson[], string>();

  /** @param write builds the JSON of a list without a ref: an object */
  constructor(private readonly write: (frame: PeopleFrame) => string) {}

  of({ ref, ...list }: PeopleFrame): string {
    let text = this.texts.get(list.data);
    if (text === undefined) {
      text = this.write(list);
      this.texts.set(list.data, text);
    }
    return ref === undefined ? text : `${text.slice(0, -1)},"ref":${JSON.stringify(ref)}}`;
  }
}
