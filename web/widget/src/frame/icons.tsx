// Line drawings of the widget, 24 units square.

import type { JSX } from "preact";

const PATHS = {
  close: "m6 9 6 6 6-6",
  cross: "m6 6 12 12M18 6 6 18",
  back: "m14.5 5-7 7 7 7",
  history: "M12 7.5V12l3 2M4.5 12a7.5 7.5 0 1 0 2.4-5.5L4.5 8.7M4.5 4.5v4.2h4.2",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  send: "M12 19V5.5M6 11l6-6 6 6",
  clip: "m19.5 11.3-7.6 7.6a4.7 4.7 0 0 1-6.6-6.6l7.8-7.8a3.1 3.1 0 0 1 4.4 4.4l-7.8 7.8a1.5 1.5 0 0 1-2.2-2.2l7-7",
  smile: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM8.5 14.2c.8 1.2 2 1.9 3.5 1.9s2.7-.7 3.5-1.9M9 9.6h.01M15 9.6h.01",
  person: "M12 12.3a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.8 20c.8-3.4 3.7-5 7.2-5s6.4 1.6 7.2 5",
  bot: "M8 7h8a2.5 2.5 0 0 1 2.5 2.5v6A2.5 2.5 0 0 1 16 18H8a2.5 2.5 0 0 1-2.5-2.5v-6A2.5 2.5 0 0 1 8 7ZM12 7V4M9.5 11.5v1.5M14.5 11.5v1.5M3 11.5V14M21 11.5V14M9.5 15.5h5",
  book: "M5 18V5.5A1.5 1.5 0 0 1 6.5 4H19v15.5H6.5A1.5 1.5 0 0 1 6.5 16.5H19M9 8h6M9 11.5h4",
  file: "M6 3.5h7.5L18 8v12.5H6v-17ZM13.5 3.5V8H18",
  ticket: "M4 6h16v3.8a2.2 2.2 0 0 0 0 4.4V18H4v-3.8a2.2 2.2 0 0 0 0-4.4V6ZM14 6.5v2M14 11v2M14 15.5v2",
  down: "M12 5.5V18M6.5 12.5 12 18l5.5-5.5",
  save: "M12 4.5v10.5M7.5 11 12 15.5 16.5 11M5 19.5h14",
  check: "m5.5 12.5 4 4L18.5 8",
  checks: "m2.5 12.5 4.2 4.2L15 8.3M10.8 15.8l1.2 1L21.5 8.3",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.5V12l3 2",
  again: "M19 12a7 7 0 1 1-2.1-5M19 4v4h-4",
  up: "M7.5 10.5v9H4v-9h3.5Zm0 0L11 4c1.5 0 2.5 1 2.5 2.5v3h4.5a2 2 0 0 1 2 2.5l-1 6a2 2 0 0 1-2 1.5H7.5",
  star: "m12 3.8 2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8L12 3.8Z",
  sound: "M5 9.8v4.4h2.8L12 17.8V6.2L7.8 9.8H5ZM15.5 9.3a4 4 0 0 1 0 5.4M18 6.8a7.5 7.5 0 0 1 0 10.4",
  globe: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM3.5 12h17M12 3.5c2.3 2.4 3.3 5.3 3.3 8.5S14.3 18.1 12 20.5C9.7 18.1 8.7 15.2 8.7 12S9.7 5.9 12 3.5Z",
  stop: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM9 9l6 6M15 9l-6 6",
  moon: "M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7Z",
  arrow: "m9.5 6 6 6-6 6",
  pen: "M5 19h3l10-10-3-3L5 16v3ZM13.5 7.5l3 3",
} as const;

export type IconName = keyof typeof PATHS;

type ToolProps = JSX.IntrinsicElements["button"] & { label: string; icon: IconName; size?: number };

/** A button that shows a drawing and says its name. */
export function Tool({ label, icon, size, ...rest }: ToolProps) {
  return (
    <button class="tool" aria-label={label} title={label} {...rest}>
      <Icon name={icon} size={size} />
    </button>
  );
}

export function Icon({ name, size = 20 }: { name: IconName; size?: number | undefined }) {
  return (
    <svg class={`icon i-${name}`} width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
