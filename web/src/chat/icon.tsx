import { baseAddress } from '../session/base.js';

const PATHS = {
  menu: 'M4 7h16M4 12h16M4 17h10',
  close: 'M6 6l12 12M18 6L6 18',
  send: 'M5 12h13M12 5.5l6.5 6.5-6.5 6.5',
  download: 'M12 4v11m-5-4.5l5 5 5-5M5 20h14',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z',
  everybody: 'M9 4L7 20M17 4l-2 16M4.5 9h16M3.5 15h16',
  people:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 20a6.5 6.5 0 0 1 13 0M16 5.5a3.5 3.5 0 0 1 0 6M18 14.5a6.5 6.5 0 0 1 3.5 5.5',
  down: 'M12 5v14m-6-6l6 6 6-6',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  clock: 'M12 7v5.5l3.5 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  alert: 'M12 8v5m0 3.5v.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zm5 12l4.5 4.5',
  leave: 'M14 4h-8v16h8M10 12h10m-4-4l4 4-4 4',
  help: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.9-1.1 1.8m0 3v.01',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  reply: 'M10 6l-6 5.5 6 5.5v-3.5c5 0 8 1.5 10 4.5-.5-5-3.5-8-10-8.5z',
  thread: 'M5 5h14v10h-7l-4 4v-4H5z',
  pin: 'M9 4h6l-1 6 3.5 3.5h-11L10 10zM12 13.5V20',
  edit: 'M4 20l1-4.5L16.5 4 20 7.5 8.5 19z',
  trash: 'M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13',
  attach: 'M8 12.5l6-6a3 3 0 0 1 4.5 4.200l-8 8a5 5 0 0 1-7-7l7.5-7.5',
  file: 'M7 3.5h7l4 4V20.5H7zM14 3.5V8h4',
} as const;

/** A drawing beside a word, or in a button that has its own label: silent for screen readers. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

export function Logo() {
  return <img class="logo" src={`${baseAddress()}/favicon.svg`} alt="" width="32" height="32" />;
}
