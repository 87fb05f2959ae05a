// Filters on images of one channel: resizing, blur, closing, distances and connected pieces.
"use strict";

/** An image: ``values`` has a row of ``width`` values for each of ``height`` rows. */
function image(height, width, values = new Float32Array(height * width)) {
  return { height, width, values };
}

/** Round as Python does: halves go to the even neighbour. */
function roundEven(value) {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 ? floor + 1 : floor;
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function transposed({ height, width, values }) {
  const turned = image(width, height, new values.constructor(values.length));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) turned.values[x * height + y] = values[y * width + x];
  }
  return turned;
}

/** Apply a function of images to the rows, then to the columns. */
const onBothAxes = (source, filter) => transposed(filter(transposed(filter(source))));

/** Return an image with this many pixels on its longer side: averaged, or interpolated. */
function resized(source, longerSide) {
  const scale = longerSide / Math.max(source.height, source.width);
  const size = (side) => Math.max(1, roundEven(side * scale));
  const wide = withWidth(source, size(source.width));
  return transposed(withWidth(transposed(wide), size(source.height)));
}

/** Change the width with a triangle as filter, as wide as a new pixel where there are fewer. */
function withWidth(source, width) {
  if (width === source.width) return source;
  const scale = source.width / width;
  const reach = Math.max(scale, 1);
  const result = image(source.height, width);
  for (let x = 0; x < width; x++) {
    const centre = (x + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const last = Math.min(source.width, Math.trunc(centre + reach + 0.5));
    const weights = [];
    for (let k = first; k < last; k++) {
      weights.push(Math.max(0, 1 - Math.abs(k - centre + 0.5) / reach));
    }
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (let y = 0; y < source.height; y++) {
      const from = y * source.width + first;
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] * source.values[from + k];
      result.values[y * width + x] = sum / total;
    }
  }
  return result;
}

/** Return the means of square blocks; the last pixels are repeated to fill blocks. */
function blockMeans({ height, width, values }, side) {
  const small = image(Math.ceil(height / side), Math.ceil(width / side));
  for (let y = 0; y < small.height * side; y++) {
    const row = Math.min(y, height - 1) * width;
    for (let x = 0; x < small.width * side; x++) {
      const block = Math.floor(y / side) * small.width + Math.floor(x / side);
      small.values[block] += values[row + Math.min(x, width - 1)] / (side * side);
    }
  }
  return small;
}

/** Return block means at full size, linear between the middles of the blocks. */
function enlarged(small, side, height, width) {
  const places = (n, limit) =>
    Array.from({ length: n }, (_, k) => clamp((k + 0.5) / side - 0.5, 0, limit - 1));
  const [rows, columns] = [places(height, small.height), places(width, small.width)];
  const result = image(height, width);
  for (let y = 0; y < height; y++) {
    const top = Math.floor(rows[y]);
    const bottom = Math.min(top + 1, small.height - 1);
    const down = rows[y] - top;
    for (let x = 0; x < width; x++) {
      const left = Math.floor(columns[x]);
      const beside = Math.min(left + 1, small.width - 1);
      const right = columns[x] - left;
      const at = (row) =>
        small.values[row * small.width + left] * (1 - right) +
        small.values[row * small.width + beside] * right;
      result.values[y * width + x] = at(top) * (1 - down) + at(bottom) * down;
    }
  }
  return result;
}

/** Blur with a Gaussian that ends at four deviations; edge pixels are repeated. */
function blurred(source, deviation) {
  const reach = Math.trunc(4 * deviation + 0.5);
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-((k - reach) ** 2) / (2 * deviation ** 2)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight);
  return onBothAxes(source, ({ height, width, values }) => {
    const result = image(height, width);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let k = -reach; k <= reach; k++) {
          sum += kernel[k + reach] * values[y * width + clamp(x + k, 0, width - 1)];
        }
        result.values[y * width + x] = sum / total;
      }
    }
    return result;
  });
}

/** Remove what is dark and narrower than ``size``: the highest, then the lowest of neighbours. */
function closed(source, size) {
  const highest = onBothAxes(source, (rows) => highestOfNeighbours(rows, (size - 1) / 2));
  const negative = image(source.height, source.width, highest.values.map((value) => -value));
  const lowest = onBothAxes(negative, (rows) => highestOfNeighbours(rows, (size - 1) / 2));
  return image(source.height, source.width, lowest.values.map((value) => -value));
}

function highestOfNeighbours({ height, width, values }, reach) {
  const result = image(height, width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let high = -Infinity;
      const end = y * width + Math.min(x + reach, width - 1);
      for (let k = y * width + Math.max(x - reach, 0); k <= end; k++) {
        if (values[k] > high) high = values[k];
      }
      result.values[y * width + x] = high;
    }
  }
  return result;
}

/** Return the mask with all pixels that are at most ``reach`` steps up, down, left or right. */
function dilated({ height, width, values }, reach) {
  const far = reach + 1;
  const steps = new Uint16Array(values.length);
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      const above = y ? steps[k - width] : far;
      const before = x ? steps[k - 1] : far;
      steps[k] = values[k] ? 0 : Math.min(above, before, reach) + 1;
    }
  }
  const result = image(height, width, new Uint8Array(values.length));
  for (let y = height - 1, k = steps.length - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--, k--) {
      const below = y < height - 1 ? steps[k + width] : far;
      const after = x < width - 1 ? steps[k + 1] : far;
      steps[k] = Math.min(steps[k], below + 1, after + 1);
      result.values[k] = steps[k] <= reach ? 1 : 0;
    }
  }
  return result;
}

/** Number the connected pieces of a mask from 1; pixels that touch at a corner may count. */
function pieces({ height, width, values }, { corners }) {
  const labels = new Int32Array(values.length);
  const queue = new Int32Array(values.length);
  let count = 0;
  for (let start = 0; start < values.length; start++) {
    if (!values[start] || labels[start]) continue;
    labels[start] = ++count;
    queue[0] = start;
    for (let next = 0, end = 1; next < end; next++) {
      const [y, x] = [Math.floor(queue[next] / width), queue[next] % width];
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const [row, column] = [y + dy, x + dx];
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          const place = row * width + column;
          if ((dy && dx && !corners) || !values[place] || labels[place]) continue;
          labels[place] = count;
          queue[end++] = place;
        }
      }
    }
  }
  return { labels, count };
}

/** Return the distance of each pixel of a mask to the nearest pixel outside it. */
function distances({ height, width, values }) {
  const far = (height + width) ** 2;
  const squares = image(height, width, Float64Array.from(values, (inside) => (inside ? far : 0)));
  const result = onBothAxes(squares, (source) => {
    const lower = image(source.height, source.width, new Float64Array(source.values.length));
    for (let y = 0; y < source.height; y++) {
      const row = [y * source.width, (y + 1) * source.width];
      lower.values.set(lowestParabolas(source.values.subarray(...row)), row[0]);
    }
    return lower;
  });
  return image(height, width, result.values.map(Math.sqrt));
}

/** Return the minimum over q of ``row[q] + (x - q) ** 2`` for each x, by the lower envelope. */
function lowestParabolas(row) {
  const n = row.length;
  const tops = new Int32Array(n); // the parabolas of the envelope, by the place of their lowest point
  const starts = new Float64Array(n).fill(-Infinity); // where each of them begins to be the lowest
  let last = 0;
  for (let q = 1; q < n; q++) {
    const value = row[q] + q * q;
    let meets;
    for (;;) {
      const p = tops[last];
      meets = (value - row[p] - p * p) / (2 * (q - p));
      if (meets > starts[last]) break;
      last--;
    }
    last++;
    [tops[last], starts[last]] = [q, meets];
  }
  const result = new Float64Array(n);
  for (let x = 0, k = 0; x < n; x++) {
    while (k < last && starts[k + 1] < x) k++;
    result[x] = row[tops[k]] + (x - tops[k]) ** 2;
  }
  return result;
}
