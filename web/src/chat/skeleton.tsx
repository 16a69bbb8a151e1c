import { texts } from '../language/language.js';

/** Stands where something will be: nothing is claimed that is not known yet. */
export function Skeleton({ lines }: { lines: number }) {
  return (
    <div class="skeleton">
      <span class="unseen">{texts.value.loading}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} class="skeleton-line" />
      ))}
    </div>
  );
}
