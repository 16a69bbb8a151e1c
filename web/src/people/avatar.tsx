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

/** The last two characters of a Chinese, Japanese or Korean name; else of one word or two. */
function initialsOf(name: string): string {
  const eastern = name.match(/\p{Script=Han}|\p{Script=Hangul}|\p{Script=Kana}|\p{Script=Hira}/gu);
  if (eastern !== null) return eastern.slice(-2).join('');
  const [first = name, second = ''] = name.split(/[\s._-]+/).filter((word) => word !== '');
  return `${firstOf(first)}${firstOf(second)}`.toUpperCase();
}

function firstOf(word: string): string {
  return Array.from(word)[0] ?? '';
}
