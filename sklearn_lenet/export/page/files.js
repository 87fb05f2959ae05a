// Picture files: from a file that was dropped or chosen to a canvas of moderate size.
"use strict";

const LARGEST_SIDE = 1024; // a larger picture is shrunk, so that reading it takes no time
const LARGEST_FILE = 100e6; // bytes

/** Return a picture file as a canvas and a sentence on it; raise a PictureError if it is none. */
async function openPicture(file) {
  const name = file.name || "The picture";
  if (!file.size) throw new PictureError(`${name} is empty: it has 0 bytes.`);
  if (file.size > LARGEST_FILE) {
    throw new PictureError(`${name} has more than ${LARGEST_FILE / 1e6} MB; shrink the picture.`);
  }
  let bitmap;
  try {
    // The browser decodes beside the page, which stays responsive.
    bitmap = await createImageBitmap(file, { colorSpaceConversion: "none" });
  } catch {
    throw new PictureError(
      `${name} is not a picture that this browser opens; choose a PNG or JPEG file.`,
    );
  }
  const { width, height } = bitmap;
  const scale = Math.min(1, LARGEST_SIDE / Math.max(width, height));
  const canvas = newCanvas(Math.max(1, width * scale), Math.max(1, height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "white"; // under transparent pixels
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const size = `${name} has ${width}x${height} pixels`;
  const shrunk = `; it is read at ${canvas.width}x${canvas.height}`;
  return { canvas, note: `${size}${scale < 1 ? shrunk : ""}.` };
}

function newCanvas(width, height) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(width), Math.round(height)];
  return canvas;
}

/** Return the pixels of a canvas. */
const pixelsOf = (canvas) =>
  canvas
    .getContext("2d", { willReadFrequently: true })
    .getImageData(0, 0, canvas.width, canvas.height);
