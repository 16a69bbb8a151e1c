import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';

interface Stages<Props> {
  /** Shown until it is there. */
  readonly Before: ComponentType<Props>;
  /** Shown where it cannot be loaded. */
  readonly Failed: ComponentType<Props>;
}

/** A component that is loaded when it is first shown: not everybody needs it. */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { Before, Failed }: Stages<Props>,
): ComponentType<Props> {
  const shown = signal<ComponentType<Props>>(Before);
  return function Lazy(props: Props) {
    const Shown = shown.value;
    useEffect(() => {
      if (Shown !== Before) return;
      load().then(
        (loaded) => (shown.value = loaded),
        () => (shown.value = Failed),
      );
    }, []);
    return <Shown {...props} />;
  };
}
