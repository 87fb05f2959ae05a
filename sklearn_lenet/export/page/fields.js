// What a unit sees: its receptive field on the drawing, and its weights.
"use strict";

/** Return the part of the net's input that a unit depends on: [left, top, right, bottom]. */
function receptiveField(layers, index, y, x) {
  let [left, top, right, bottom] = [x, y, x + 1, y + 1];
  for (const layer of layers.slice(0, index + 1).reverse()) {
    if (layer.kind === "pooling") {
      [left, top, right, bottom] = [2 * left, 2 * top, 2 * right, 2 * bottom];
    } else if (layer.kind === "convolution") {
      const more = layer.shape[2] - 1;
      [right, bottom] = [right + more, bottom + more];
    }
  }
  return [left, top, right, bottom];
}

/** Return the same part in pixels of the image that the model takes. */
function onImage(preparation, corners) {
  const fields = preparation.filter((step) => step.kind === "field").reverse();
  return fields.reduce(
    ([left, top, right, bottom], field) => [
      (left - field.left) / field.factor,
      (top - field.top) / field.factor,
      (right - field.left) / field.factor,
      (bottom - field.top) / field.factor,
    ],
    corners,
  );
}

/** Return the weights of a unit as small images, one for each map that it reads; null if none. */
function weightsOf(layer, map) {
  if (layer.kind === "pooling") return null;
  const [, inputs, side = 1] = layer.shape;
  const size = inputs * side * side;
  const values = layer.weight.subarray(map * size, (map + 1) * size);
  return { maps: inputs, height: side, width: side, values };
}

/** Say what a unit is, for the panel and for screen readers. */
function unitSentence(layer, output, corners, { map, y, x }) {
  const value = output.values[(map * output.height + y) * output.width + x];
  const [left, top, right, bottom] = corners;
  const isMap = output.height * output.width > 1;
  const place = isMap ? `map ${map + 1}, row ${y + 1}, column ${x + 1}` : `unit ${map + 1}`;
  const seen = `It sees ${right - left}x${bottom - top} pixels of the net's input`;
  return {
    title: `${layer.name}, ${place}`,
    value: `Value ${value.toFixed(3)}. ${seen}.`,
    weights: weightsNote(layer),
  };
}

function weightsNote({ kind, pooling, shape }) {
  if (kind === "pooling") {
    return `No weights: the ${pooling === "max" ? "largest" : "mean"} of 2x2 units.`;
  }
  if (kind === "dense") return `Weights: one for each of ${shape[1]} units.`;
  const [, channels, side] = shape;
  const kernels = channels > 1 ? `${channels} kernels, one for each map` : "one kernel";
  return `Weights: ${kernels}, of ${side}x${side}.`;
}
