// The tenant's colour, and what is readable on it.

/** Relative luminance, WCAG 2. `#rrggbb`. */
export function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function mix(color: string, towards: number, share: number): string {
  const part = (at: number): string =>
    Math.round(parseInt(color.slice(at, at + 2), 16) * (1 - share) + towards * share)
      .toString(16)
      .padStart(2, "0");
  return `#${part(1)}${part(3)}${part(5)}`;
}

/** The colour itself, its text colour, and a shade of it that is readable as text on the page (contrast 4.5), also on a tint of itself. */
export function palette(color: string, dark: boolean): { brand: string; ink: string; accent: string } {
  const brand = /^#[0-9a-f]{6}$/i.test(color) ? color : "#2f6fed";
  const paper = dark ? luminance("#1c2025") : 1;
  let accent = brand;
  for (let step = 1; step <= 10 && contrast(luminance(accent), paper) < 5.6; step += 1) accent = mix(brand, dark ? 255 : 0, step / 10);
  return { brand, ink: luminance(brand) > 0.188 ? "#0b0e12" : "#ffffff", accent };
}
