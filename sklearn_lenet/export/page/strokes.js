// Strokes: how wide they are, and how they get the width that strokes have in MNIST.
"use strict";

const SIDE = 28; // pixels on each side of an image in MNIST's form
const BOX = 20; // pixels on the longer side of its digit
const FINE = 8; // fine pixels, on which widths are changed, for one of MNIST's
const WIDTH_TOLERANCE = 1.25; // strokes up to this many times the wanted width keep theirs
const MAX_THINNING = 0.5; // strokes lose at most this share of their width
const NARROWEST_LOOP = 2.2; // half the width of the narrowest loop, in fine pixels

/** Return where the values of an image pass a test, as ones. */
function maskOf({ height, width, values }, isInside) {
  const mask = image(height, width, new Uint8Array(values.length));
  for (let k = 0; k < values.length; k++) mask.values[k] = isInside(values[k]) ? 1 : 0;
  return mask;
}

/** Return an image with a margin of zeros. */
function padded(source, margin) {
  const [height, width] = [source.height + 2 * margin, source.width + 2 * margin];
  const result = image(height, width, new source.values.constructor(height * width));
  for (let y = 0; y < source.height; y++) {
    const row = source.values.subarray(y * source.width, (y + 1) * source.width);
    result.values.set(row, (y + margin) * width + margin);
  }
  return result;
}

/** Return the mean width of strokes: four times the mean distance to their edge, minus one. */
function strokeWidth(mask) {
  const inside = distances(padded(mask, 1)).values.filter((distance) => distance > 0);
  return (4 * inside.reduce((sum, distance) => sum + distance, 0)) / inside.length - 1;
}

/** Return a digit as a fine mask with strokes between two widths, in MNIST's pixels.
 *
 * The digit is scaled, and its edge is moved outwards or inwards by the same distance everywhere,
 * so that its longer side has 20 of MNIST's pixels at the end.
 */
function withStroke(ink, threshold, narrowest, widest) {
  const fineBox = BOX * FINE;
  const darkest = (source) => source.values.reduce((high, value) => Math.max(high, value), 0);
  const fine = resized(ink, fineBox);
  threshold = Math.min(threshold, darkest(fine) / 2); // a thin line may fade when it is shrunk
  const measured = strokeWidth(maskOf(fine, (value) => value > threshold));
  const relative = Math.min(measured / fineBox, 0.6);
  const wanted = clamp(relative * fineBox, narrowest * FINE, widest * FINE);
  // Moving the edge makes the longer side and the strokes larger by the same amount.
  let longerSide = (fineBox - wanted) / (1 - relative);
  let shift = (wanted - relative * longerSide) / 2;
  shift = Math.max(shift, (-MAX_THINNING * relative * longerSide) / 2);
  longerSide = fineBox - 2 * shift;
  const margin = Math.ceil(Math.max(shift, 0)) + 2;
  const final = resized(ink, longerSide);
  const edge = Math.min(threshold, darkest(final) / 2);
  const mask = padded(maskOf(final, (value) => value > edge), margin);
  const facts = { width: measured / FINE, margin, height: final.height, columns: final.width };
  if (shift > 0) return { mask: widened(mask, shift), ...facts };
  const thinned = maskOf(distances(mask), (distance) => distance > -shift);
  return { mask: thinned.values.includes(1) ? thinned : mask, ...facts };
}

/** Return the mask with its edge moved outwards; its loops stay open. */
function widened(mask, by) {
  const outside = maskOf(mask, (value) => !value);
  const toInk = distances(outside);
  const wide = maskOf(toInk, (distance) => distance <= by);
  const { labels, count } = pieces(outside, { corners: false });
  const depths = new Float64Array(count + 1);
  labels.forEach((hole, place) => (depths[hole] = Math.max(depths[hole], toInk.values[place])));
  // The margin of the mask is one piece; it is the first, because it has the first pixel.
  labels.forEach((hole, place) => {
    const depth = depths[hole];
    if (hole > 1 && depth > NARROWEST_LOOP && depth < 2 * by && toInk.values[place] > 0.4 * depth) {
      wide.values[place] = 0;
    }
  });
  return wide;
}

/** Return a fine mask as an image in MNIST's form, and where the mask's corner is on it. */
function centred(mask) {
  const fineSide = SIDE * FINE;
  let [count, sumY, sumX] = [0, 0, 0];
  mask.values.forEach((inside, place) => {
    count += inside;
    sumY += inside * Math.floor(place / mask.width);
    sumX += inside * (place % mask.width);
  });
  // The middle of the image is half a fine pixel before the middle of its two middle pixels.
  const top = roundEven(fineSide - 0.5 - sumY / count) - fineSide / 2;
  const left = roundEven(fineSide - 0.5 - sumX / count) - fineSide / 2;
  const counts = new Float64Array(SIDE * SIDE);
  mask.values.forEach((inside, place) => {
    const y = Math.floor((top + Math.floor(place / mask.width)) / FINE);
    const x = Math.floor((left + (place % mask.width)) / FINE);
    if (inside && y >= 0 && y < SIDE && x >= 0 && x < SIDE) counts[y * SIDE + x]++;
  });
  const digit = image(SIDE, SIDE, counts.map((n) => roundEven((n * 255) / FINE ** 2)));
  return { digit, top, left };
}
