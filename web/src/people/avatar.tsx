const HUES = 12;

/** A coloured disc with the beginning of a name, always the same for one person. */
export function Avatar({ name, online }: { name: string; online?: boolean }) {
  return (
    <span class="avatar" data-hue={hueOf(name)} data-online={online} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}

export function hueOf(name: string): number {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % HUES;
}

/** One character of a name in a script without capitals, up to two of one in words. */
function initialsOf(name: string): string {
  const characters = Array.from(name);
  const words = name.split(/[\s._-]+/).filter((word) => word !== '');
  if (/\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}/u.test(name)) {
    return characters.slice(-2).join('');
  }
  const second = words[1] === undefined ? '' : (Array.from(words[1])[0] ?? '');
  return `${characters[0] ?? ''}${second}`.toUpperCase();
}
