// A picture and a document, made here.

import { crc32, deflateSync } from "node:zlib";

/** A PNG with a gradient of one hue. Units: pixels. */
export function picture(width, height, hue) {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) rows.set([hue, (x * 255) / width, (y * 255) / height], y * (width * 3 + 1) + 1 + x * 3);
  const chunk = (type, body) => {
    const whole = Buffer.concat([Buffer.from(type), body]);
    const out = Buffer.alloc(body.length + 12);
    out.writeUInt32BE(body.length, 0);
    whole.copy(out, 4);
    out.writeUInt32BE(crc32(whole), body.length + 8);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

/** The smallest PDF that is one, with a line of its own. */
export function document(line) {
  return Buffer.from(`%PDF-1.4\n% ${line}\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n`);
}
