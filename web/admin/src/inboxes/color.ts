// The widget's colour: whether it is one, and what is readable on it. The same rules as in the widget's frame.

const HEX = /^#[0-9a-f]{6}$/i;

export function isColor(text: string): boolean {
  return HEX.test(text);
}

/** Relative luminance, WCAG 2. */
export function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function inkOn(color: string): string {
  return isColor(color) && luminance(color) > 0.36 ? "#14181d" : "#ffffff";
}

/** Contrast of the colour and its text. */
export function contrastOn(color: string): number {
  const [light, dark] = [luminance(color), luminance(inkOn(color))].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Colours to begin from. */
export const COLORS = ["#2456d6", "#0f766e", "#15803d", "#b45309", "#c2410c", "#be123c", "#7c3aed", "#334155"] as const;
