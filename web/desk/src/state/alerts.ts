// How the desk calls a person: a sound, a desktop notification, and a count in the title.

import { Store } from "@rapport/ui";

export interface AlertSettings {
  sound: boolean;
}

const STORED = "rapport.sound";

function read(): AlertSettings {
  try {
    return { sound: localStorage.getItem(STORED) !== "off" };
  } catch {
    return { sound: true };
  }
}

export const alertSettings = new Store<AlertSettings>(read());

export function setSound(sound: boolean): void {
  alertSettings.set({ sound });
  try {
    localStorage.setItem(STORED, sound ? "on" : "off");
  } catch {
    // Lasts for this page.
  }
  if (sound) play("message");
}

let audio: AudioContext | undefined;

/** Browsers allow sound only after the person did something here. */
export function readySound(): void {
  const wake = () => {
    audio ??= typeof AudioContext === "undefined" ? undefined : new AudioContext();
    void audio?.resume();
  };
  window.addEventListener("pointerdown", wake, { once: true });
  window.addEventListener("keydown", wake, { once: true });
}

/** Notes as [hertz, start in seconds, length in seconds]. */
const TUNES = {
  offer: [
    [659, 0, 0.16],
    [880, 0.17, 0.16],
    [1175, 0.34, 0.3],
  ],
  message: [
    [784, 0, 0.09],
    [1047, 0.1, 0.14],
  ],
} as const;

export function play(tune: keyof typeof TUNES): void {
  if (!alertSettings.get().sound || !audio || audio.state !== "running") return;
  for (const [hertz, start, length] of TUNES[tune]) {
    const from = audio.currentTime + start;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.type = "sine";
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(0.12, from + 0.012);
    volume.gain.exponentialRampToValueAtTime(0.0008, from + length);
    tone.connect(volume).connect(audio.destination);
    tone.start(from);
    tone.stop(from + length + 0.02);
  }
}

export type NotifyPermission = "granted" | "denied" | "default" | "unsupported";

export const notifyPermission = new Store<NotifyPermission>(typeof Notification === "undefined" ? "unsupported" : Notification.permission);

export async function askToNotify(): Promise<void> {
  if (typeof Notification === "undefined") return;
  notifyPermission.set(await Notification.requestPermission());
}

/** Only while the desk is not being looked at; one per conversation. */
export function notify(title: string, body: string, tag: string, onClick: () => void): void {
  if (notifyPermission.get() !== "granted" || isLookedAt()) return;
  try {
    const shown = new Notification(title, { body, tag });
    shown.onclick = () => {
      window.focus();
      onClick();
      shown.close();
    };
  } catch {
    // Some phones allow notifications by service workers alone.
  }
}

export function isLookedAt(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

/** `(3) Rapport`; blinks while somebody waits for an answer to an offer. */
export function showInTitle(count: number, urgent: string | undefined, base: string, blink: boolean): void {
  const plain = count > 0 ? `(${count}) ${base}` : base;
  document.title = urgent && blink ? `● ${urgent}` : plain;
}
