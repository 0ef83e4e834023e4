// Draws a photo anew on this device: nothing but its pixels is kept, so no place, time, camera or comment.
//
// async drawnAnew(file) -> {bytes, canvas}, throws BadPhoto {why}

const LONGEST_SIDE = 1600;
const MOST_BYTES = 390_000;
const MOST_PIXELS = 60_000_000;
const QUALITIES = [0.82, 0.7, 0.55, 0.4, 0.25];
const BEGINNINGS = [
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
];

/** This file is not taken: `why` is "kind", "pixels" or "broken". */
export class BadPhoto extends Error {
  /** @param {string} why */
  constructor(why) {
    super(why);
    this.why = why;
  }
}

/** @param {Blob} file @returns {Promise<{bytes: Uint8Array, canvas: HTMLCanvasElement}>} */
export async function drawnAnew(file) {
  const start = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  if (!BEGINNINGS.some((beginning) => beginning.every((byte, place) => start[place] === byte))) throw new BadPhoto("kind");
  const canvas = await draw(file);
  for (const quality of QUALITIES) {
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (!blob || blob.type !== "image/jpeg") throw new BadPhoto("broken");
    if (blob.size <= MOST_BYTES) return { bytes: new Uint8Array(await blob.arrayBuffer()), canvas };
  }
  throw new BadPhoto("pixels");
}

/** @param {Blob} file */
async function draw(file) {
  let image;
  try {
    image = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new BadPhoto("broken");
  }
  if (image.width * image.height > MOST_PIXELS) throw new BadPhoto("pixels");
  const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return canvas;
}
