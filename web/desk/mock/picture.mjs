// A picture for the mock: a pale ground with soft shapes, written as PNG without any library.

import { crc32, deflateSync } from "node:zlib";

export function picture(width = 640, height = 420, hue = 210) {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (width * 3 + 1) + 1 + x * 3;
      const [u, v] = [x / width, y / height];
      const sole = v > 0.62 + 0.05 * Math.sin(u * 5) && v < 0.72 && u > 0.14 && u < 0.88;
      const upper = v > 0.3 + 0.3 * Math.abs(u - 0.3) && v <= 0.63 + 0.05 * Math.sin(u * 5) && u > 0.16 && u < 0.86;
      const [r, g, b] = sole ? [245, 246, 250] : upper ? shade(hue, 0.55 + 0.3 * v) : shade(hue, 0.9 + 0.06 * Math.sin(u * 3 + v * 4));
      rows[at] = r;
      rows[at + 1] = g;
      rows[at + 2] = b;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32 ? crc32(body) : 0);
  return Buffer.concat([size, body, check]);
}

function shade(hue, lightness) {
  const a = 0.45 * Math.min(lightness, 1 - lightness);
  const part = (n) => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * Math.min(1, Math.max(0, lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1)))));
  };
  return [part(0), part(8), part(4)];
}
