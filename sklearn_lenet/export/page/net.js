// The net: from raw pixels to the output of each layer, the probabilities and the novelty.
"use strict";

const ACTIVATIONS = {
  relu: (a) => Math.max(a, 0),
  tanh: Math.tanh,
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  logistic: (a) => 1 / (1 + Math.exp(-a)),
  scaled_tanh: (a) => 1.7159 * Math.tanh((a * 2) / 3),
  identity: (a) => a,
};

/** Read the fields and the weights that the page contains. */
function readModel() {
  const model = JSON.parse(document.getElementById("model").textContent);
  const bytes = atob(document.getElementById("weights").textContent.trim());
  const weights = new Float32Array(Uint8Array.from(bytes, (c) => c.charCodeAt(0)).buffer);
  const values = ({ start, shape }) =>
    weights.subarray(start, start + shape.reduce((product, n) => product * n, 1));
  for (const layer of model.layers) {
    if (layer.kind === "pooling") continue;
    layer.shape = layer.weight.shape;
    layer.weight = values(layer.weight);
    layer.bias = values(layer.bias);
  }
  if (model.novelty) model.novelty.prototypes = values(model.novelty.prototypes);
  return model;
}

/** Return the output of each layer by its name, the input of the net first. */
function forward(model, pixels) {
  const prepared = model.preparation.reduce((row, step) => PREPARATIONS[step.kind](row, step), pixels);
  const side = Math.sqrt(prepared.length);
  let values = { maps: 1, height: side, width: side, values: Float32Array.from(prepared) };
  const outputs = new Map([["input", values]]);
  for (const layer of model.layers) {
    values = LAYERS[layer.kind](values, layer);
    outputs.set(layer.name, values);
  }
  return outputs;
}

/** The steps from raw pixels to the input of the net. */
const PREPARATIONS = {
  /** Invert an image if most of its corners are ink. */
  polarity(row, { corners, ink, near, mirror }) {
    const found = corners.filter((corner) => Math.abs(row[corner] - ink) <= near).length;
    return found > corners.length / 2 ? Array.from(row, (value) => mirror - value) : row;
  },

  /** Enlarge an image by a whole factor and lay it on a field of background. */
  field(row, { height, width, factor, top, left, size, background }) {
    const field = new Float64Array(size * size).fill(background);
    for (let y = 0; y < factor * height; y++) {
      for (let x = 0; x < factor * width; x++) {
        const from = Math.floor(y / factor) * width + Math.floor(x / factor);
        // A row may have fewer values than its square has pixels.
        if (from < row.length) field[(top + y) * size + left + x] = row[from];
      }
    }
    return field;
  },

  scale: (row, { shift, divisor }) => Float64Array.from(row, (value) => (value - shift) / divisor),

  clip: (row, { limit }) => row.map((value) => Math.min(Math.max(value, -limit), limit)),
};

/** The kinds of layers. */
const LAYERS = {
  convolution(input, { shape: [maps, channels, kernel], weight, bias, activation }) {
    const { height: rows, width: columns, values } = input;
    const [height, width] = [rows - kernel + 1, columns - kernel + 1];
    const output = new Float32Array(maps * height * width);
    const activate = ACTIVATIONS[activation];
    let place = 0;
    for (let map = 0; map < maps; map++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          let sum = bias[map];
          let w = map * channels * kernel * kernel;
          for (let channel = 0; channel < channels; channel++) {
            for (let dy = 0; dy < kernel; dy++) {
              const from = (channel * rows + y + dy) * columns + x;
              for (let dx = 0; dx < kernel; dx++) sum += weight[w++] * values[from + dx];
            }
          }
          output[place++] = activate(sum);
        }
      }
    }
    return { maps, height, width, values: output };
  },

  pooling({ maps, height: rows, width: columns, values }, { pooling }) {
    const [height, width] = [Math.floor(rows / 2), Math.floor(columns / 2)];
    const output = new Float32Array(maps * height * width);
    let place = 0;
    for (let map = 0; map < maps; map++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const from = (map * rows + 2 * y) * columns + 2 * x;
          const four = [values[from], values[from + 1], values[from + columns], values[from + columns + 1]];
          output[place++] =
            pooling === "max" ? Math.max(...four) : four.reduce((sum, value) => sum + value) / 4;
        }
      }
    }
    return { maps, height, width, values: output };
  },

  dense({ values }, { shape: [units, inputs], weight, bias, activation }) {
    const activate = ACTIVATIONS[activation];
    const output = Float32Array.from(bias, (start, unit) => {
      let sum = start;
      for (let k = 0; k < inputs; k++) sum += weight[unit * inputs + k] * values[k];
      return activate(sum);
    });
    return { maps: units, height: 1, width: 1, values: output };
  },
};

/** Return the calibrated probability of each label. */
function softmax(logits, temperature) {
  const highest = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp((logit - highest) / temperature));
  const sum = powers.reduce((total, power) => total + power);
  return powers.map((power) => power / sum);
}

/** Return how much the units of the last hidden layer differ from those of training digits. */
function noveltyOf(model, outputs) {
  const layers = [...outputs.values()];
  const [features, logits] = layers.slice(-2).map((output) => output.values);
  const { prototypes, nonDigitWeight } = model.novelty;
  const length = Math.max(Math.sqrt(features.reduce((sum, a) => sum + a * a, 0)), 1e-12);
  let nearest = -Infinity;
  for (let start = 0; start < prototypes.length; start += features.length) {
    let product = 0;
    for (let k = 0; k < features.length; k++) product += prototypes[start + k] * features[k];
    nearest = Math.max(nearest, product / length);
  }
  const distance = prototypes.length ? 1 - nearest : 1;
  if (model.noDigit === null) return distance;
  const digits = logits.filter((_, code) => code !== model.noDigit);
  const above = logits[model.noDigit] - Math.max(...digits);
  return distance + (nonDigitWeight * above) / model.temperature;
}
