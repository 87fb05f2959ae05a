// A picture of one digit: to ink, to a mask, to the form of MNIST, to the pixels of the model.
"use strict";

const DARKEST_BACKGROUND = 0.25; // a darker background is treated as this dark
const COARSE_SIDE = 96; // the background is computed on this many blocks along the longer side
const CLEAR_RATIO = 9; // this many times more to one side of the border's grey: ink is there
const MIN_CONTRAST = 0.08; // a picture with less is blank
const MIN_SIDE = 6; // pixels on each side of a picture, at least
const SPECK_SIZE = 0.02; // a piece with a smaller share of the largest piece is a speck

/** A sentence for the reader of the page, not a fault of the page. */
class PictureError extends Error {}

/** Return the colour planes of canvas pixels, from 0 to 1: one if all pixels are grey. */
function planesOf({ width, height, data }) {
  const plane = (channel) => {
    const values = new Float32Array(width * height);
    for (let k = 0; k < values.length; k++) values[k] = data[4 * k + channel] / 255;
    return image(height, width, values);
  };
  const [red, green, blue] = [0, 1, 2].map(plane);
  const same = (other) => other.values.every((value, k) => value === red.values[k]);
  return same(green) && same(blue) ? [red] : [red, green, blue];
}

/** Bring a picture of one digit to MNIST's form and return it after each step. */
function readingSteps(planes, narrowest) {
  const ink = inkOf(planes);
  const threshold = otsuThreshold(ink);
  const { mask, specks } = maskOfInk(ink, threshold);
  const nearMask = dilated(mask, 2); // with the soft edge of the strokes
  const kept = image(ink.height, ink.width, ink.values.map((value, k) => value * nearMask.values[k]));
  const box = boundingBox(mask);
  const stroke = withStroke(
    cut(kept, box),
    otsuThreshold(kept),
    narrowest,
    WIDTH_TOLERANCE * narrowest,
  );
  const { digit, top, left } = centred(stroke.mask);
  const facts = { specks, threshold, box, width: stroke.width, corner: { top, left } };
  const steps = { ink, mask, stroke: stroke.mask, digit, ...facts };
  if (isMnistAlready(planes)) {
    const asItIs = image(SIDE, SIDE, planes[0].values.map((value) => Math.round(255 * value)));
    return { ...steps, digit: asItIs, toPicture: (x, y) => [x, y] };
  }
  /** Return the place in the picture of a place in the digit. */
  const toPicture = (x, y) => [
    box.left + ((x * FINE - left - stroke.margin) * box.width) / stroke.columns,
    box.top + ((y * FINE - top - stroke.margin) * box.height) / stroke.height,
  ];
  return { ...steps, toPicture };
}

/** Return how much ink each pixel has, whatever the colours are and in uneven light. */
function inkOf(planes) {
  const inks = planes.map((plane) => {
    const dark = isLightOnDark(plane) ? inverted(plane) : plane;
    const paper = backgroundOf(dark);
    return dark.values.map((value, k) => {
      const light = paper.values[k];
      return clamp((light - value) / Math.max(light, DARKEST_BACKGROUND), 0, 1);
    });
  });
  const most = inks[0].map((value, k) => inks.reduce((high, ink) => Math.max(high, ink[k]), value));
  return image(planes[0].height, planes[0].width, most);
}

const inverted = ({ height, width, values }) => image(height, width, values.map((value) => 1 - value));

/** Return whether ink is lighter than its background: the border shows the background's grey. */
function isLightOnDark(plane) {
  const { height, width, values } = plane;
  const border = [...values.subarray(0, width), ...values.subarray(values.length - width)];
  for (let y = 0; y < height; y++) border.push(values[y * width], values[(y + 1) * width - 1]);
  border.sort((a, b) => a - b);
  const half = border.length / 2; // the border has an even number of pixels
  const grey = (border[half - 1] + border[half]) / 2;
  let [lighter, darker] = [0, 0];
  for (const value of values) {
    if (value > grey) lighter += (value - grey) ** 2;
    else darker += (value - grey) ** 2;
  }
  if (Math.max(lighter, darker) > CLEAR_RATIO * Math.min(lighter, darker)) return lighter > darker;
  // Uneven light: strokes differ from their near surroundings.
  const { small, side } = coarse(plane);
  const surroundings = blurred(small, Math.max(small.height, small.width) / 10);
  const smooth = enlarged(surroundings, side, height, width).values;
  return values.reduce((sum, value, k) => sum + (value - smooth[k]) ** 3, 0) > 0;
}

/** Return the light background under dark ink: strokes are narrower than a third of the plane. */
function backgroundOf(plane) {
  const { small, side } = coarse(plane);
  const reach = Math.max(3, roundEven(Math.max(small.height, small.width) / 3)) | 1;
  return enlarged(blurred(closed(small, reach), reach / 6), side, plane.height, plane.width);
}

function coarse(plane) {
  const side = Math.max(1, Math.ceil(Math.max(plane.height, plane.width) / COARSE_SIDE));
  return { small: blockMeans(plane, side), side };
}

/** Return the threshold that best separates ink from background: Otsu's, with 256 bins. */
function otsuThreshold({ values }) {
  const counts = new Float64Array(256);
  for (const value of values) counts[Math.min(255, Math.floor(value * 256))]++;
  const share = counts.map((n) => n / values.length);
  const mean = share.reduce((sum, weight, k) => sum + (weight * (k + 0.5)) / 256, 0);
  let [below, mass] = [0, 0];
  const between = share.map((weight, k) => {
    below += weight;
    mass += (weight * (k + 0.5)) / 256;
    return (mean * below - mass) ** 2 / (below * (1 - below)) || 0;
  });
  const enough = between.filter(Number.isFinite).reduce((a, b) => Math.max(a, b), 0) * (1 - 1e-6);
  const best = [...between.keys()].filter((k) => between[k] >= enough);
  return best.reduce((sum, k) => sum + (k + 1) / 256, 0) / best.length;
}

/** Return where the ink is, without specks; raise a PictureError where there is none. */
function maskOfInk(ink, threshold) {
  if (Math.min(ink.height, ink.width) < MIN_SIDE) {
    throw new PictureError(
      `The picture has ${ink.width}x${ink.height} pixels; at least ${MIN_SIDE} on each side are needed.`,
    );
  }
  const mask = maskOf(ink, (value) => value > threshold);
  let [n, inside, outside] = [0, 0, 0];
  ink.values.forEach((value, k) => {
    n += mask.values[k];
    if (mask.values[k]) inside += value;
    else outside += value;
  });
  const contrast = inside / n - outside / (ink.values.length - n);
  if (!(contrast >= MIN_CONTRAST)) {
    throw new PictureError("The picture is blank: no ink stands out from the background.");
  }
  const found = withoutSpecks(mask);
  if (!found.mask.values.includes(1)) throw new PictureError("The picture contains only specks.");
  return found;
}

/** Return the mask without pieces that are much smaller than the largest, and their number. */
function withoutSpecks(mask) {
  const reach = Math.max(1, roundEven(Math.max(mask.height, mask.width) / 50));
  // Pieces that almost touch count as one piece, so that a dotted stroke is kept.
  const { labels, count } = pieces(dilated(mask, reach), { corners: true });
  if (count <= 1) return { mask, specks: 0 };
  const sizes = new Float64Array(count + 1);
  labels.forEach((label, k) => (sizes[label] += mask.values[k]));
  const smallest = Math.max(2, SPECK_SIZE * sizes.reduce((a, b) => Math.max(a, b)));
  const kept = mask.values.map((inside, k) => inside && sizes[labels[k]] >= smallest);
  const specks = sizes.subarray(1).filter((size) => size < smallest).length;
  return { mask: image(mask.height, mask.width, kept), specks };
}

/** Return the smallest box around the pixels of a mask. */
function boundingBox({ width, values }) {
  let [top, bottom, left, right] = [Infinity, 0, Infinity, 0];
  values.forEach((inside, place) => {
    if (!inside) return;
    const [y, x] = [Math.floor(place / width), place % width];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
    [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
  });
  return { top, left, height: bottom - top, width: right - left };
}

function cut(source, { top, left, height, width }) {
  const part = image(height, width);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * source.width + left;
    part.values.set(source.values.subarray(from, from + width), y * width);
  }
  return part;
}

/** Return whether a picture is 28x28, white on black, with MNIST's box and centre. */
function isMnistAlready(planes) {
  const [{ height, width, values }] = planes;
  if (planes.length > 1 || height !== SIDE || width !== SIDE) return false;
  const box = boundingBox(maskOf(planes[0], (value) => value > 0));
  if (Math.max(box.height, box.width) !== BOX || !values.some((value) => value >= 0.5)) return false;
  let [sum, sumY, sumX] = [0, 0, 0];
  values.forEach((value, place) => {
    sum += value;
    sumY += value * Math.floor(place / SIDE);
    sumX += value * (place % SIDE);
  });
  return Math.max(Math.abs(sumY / sum - SIDE / 2), Math.abs(sumX / sum - SIDE / 2)) <= 1;
}

/** Return the pixels that the model takes, and how places in them become places in the digit.
 *
 * Models of 28x28 pixels take the digit as it is. Smaller images are filled by the digit, and
 * larger ones get a border as MNIST has it.
 */
function modelPixels({ digit, stroke, corner }, { height, width, size, paper, ink }) {
  const value = (share) => paper + share * (ink - paper);
  if (height === SIDE && width === SIDE) {
    const pixels = Array.from(digit.values, (byte) => value(byte / 255)).slice(0, size);
    return { pixels, toDigit: (x, y) => [x, y] };
  }
  const box = boundingBox(stroke);
  const border = Math.min(height, width) < SIDE ? 1 : BOX / SIDE;
  const scale = Math.min((border * height) / box.height, (border * width) / box.width);
  const asImage = image(stroke.height, stroke.width, Float32Array.from(stroke.values));
  const small = resized(cut(asImage, box), scale * Math.max(box.height, box.width));
  const top = Math.floor((height - small.height) / 2);
  const left = Math.floor((width - small.width) / 2);
  const pixels = new Array(height * width).fill(paper);
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      pixels[(top + y) * width + left + x] = value(small.values[y * small.width + x]);
    }
  }
  const toDigit = (x, y) => [
    (corner.left + box.left + ((x - left) * box.width) / small.width) / FINE,
    (corner.top + box.top + ((y - top) * box.height) / small.height) / FINE,
  ];
  return { pixels: pixels.slice(0, size), toDigit };
}
