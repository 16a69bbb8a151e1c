import { signal } from '@preact/signals';

/** Whether the machine has a network, as the browser says. It may be wrong, but it is quick. */
export class Network {
  readonly isThere = signal(navigator.onLine);
  private readonly onChange = (): void => {
    this.isThere.value = navigator.onLine;
    this.changed(navigator.onLine);
  };

  constructor(private readonly changed: (isThere: boolean) => void) {}

  watch(): void {
    window.addEventListener('online', this.onChange);
    window.addEventListener('offline', this.onChange);
  }

  stop(): void {
    window.removeEventListener('online', this.onChange);
    window.removeEventListener('offline', this.onChange);
  }
}
