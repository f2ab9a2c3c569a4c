// Two soft notes for a new message, made here: no file to fetch.

let context: AudioContext | undefined;

/** Browsers allow sound only after the visitor touched something: the context is opened then. */
export function allowSound(): void {
  const open = (): void => {
    try {
      context ??= new AudioContext();
    } catch {
      // No audio on this device.
    }
  };
  for (const name of ["pointerdown", "keydown"]) window.addEventListener(name, open, { once: true });
}

export function ring(): void {
  if (!context || context.state !== "running") return;
  for (const [index, frequency] of [659.3, 880].entries()) {
    const start = context.currentTime + index * 0.11;
    const tone = new OscillatorNode(context, { type: "sine", frequency });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.08, start + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.28);
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.3);
  }
}
