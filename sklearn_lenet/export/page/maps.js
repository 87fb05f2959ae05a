// The maps of each layer, live, and the panel with the unit that was chosen on them.
"use strict";

const COLUMNS = { 6: 6, 16: 8, 84: 21, 120: 20 }; // maps side by side, for LeNet-5's numbers of maps
const MAPS_WIDTH = 680; // about how many pixels a row of maps has
const WEIGHTS_WIDTH = 320;

const squareRoot = (maps) => Math.ceil(Math.sqrt(maps));

/** Draw maps side by side on a canvas; return how they are laid out. */
function drawMaps(canvas, { maps, height, width, values }, wide, columns, paintFor = signedPaint) {
  const scale = clamp(Math.floor(wide / columns / (width + 1)), 1, 40);
  const gap = Math.max(2, Math.round(wide / columns / 20));
  const layout = { columns, stepX: width * scale + gap, stepY: height * scale + gap, scale, gap };
  canvas.width = columns * layout.stepX - gap;
  canvas.height = Math.ceil(maps / columns) * layout.stepY - gap;
  const context = canvas.getContext("2d");
  const paint = paintFor(canvas, values);
  const small = newCanvas(width, height);
  const pixels = small.getContext("2d").createImageData(width, height);
  context.imageSmoothingEnabled = false;
  for (let map = 0; map < maps; map++) {
    for (let k = 0; k < width * height; k++) {
      pixels.data.set([...paint(values[map * width * height + k]), 255], 4 * k);
    }
    small.getContext("2d").putImageData(pixels, 0, 0);
    const [left, top] = corner(layout, map);
    context.drawImage(small, left, top, width * scale, height * scale);
  }
  return layout;
}

const corner = ({ columns, stepX, stepY }, map) => [
  (map % columns) * stepX,
  Math.floor(map / columns) * stepY,
];

const rgbOf = (element, names) =>
  names.map((name) => colours(element)(name).split(" ").map(Number));

const between = (from, to, share) => from.map((start, k) => start + share * (to[k] - start));

/** Return a function from a value to a colour: one hue above zero, the other below. */
function signedPaint(element, values) {
  const names = ["--map-zero", "--map-positive", "--map-negative"];
  const [zero, positive, negative] = rgbOf(element, names);
  const most = values.reduce((high, value) => Math.max(high, Math.abs(value)), 1e-12);
  return (value) => between(zero, value > 0 ? positive : negative, Math.abs(value) / most);
}

/** Return a function from a value to a colour between those of paper and ink. */
function inkPaint(element, values) {
  const [paper, ink] = rgbOf(element, ["--paper-rgb", "--ink-rgb"]);
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  return (value) => between(paper, ink, high > low ? (value - low) / (high - low) : 0);
}

/** The section of the page with the maps. */
class MapsView {
  /** ``onMark`` gets the receptive field of the chosen unit in pixels of the model, or null. */
  constructor(model, blank, onMark) {
    Object.assign(this, { model, outputs: blank, onMark, chosen: null });
    const drawn = model.layers.filter((layer) => layer.name !== "output");
    this.layers = model.layers.some((layer) => layer.kind === "convolution") ? drawn : [];
    document.getElementById("inside").hidden = !this.layers.length;
    this.canvases = this.layers.map((layer, index) => this.addLayer(layer, index, blank));
    this.layouts = [];
  }

  addLayer({ name }, index, outputs) {
    const figure = document.importNode(document.getElementById("layer").content, true);
    const canvas = figure.querySelector("canvas");
    const { maps, height, width } = outputs.get(name);
    const size = height * width > 1 ? `${maps} maps of ${height}x${width}` : `${maps} units`;
    figure.querySelector("b").textContent = name;
    figure.querySelector("span").textContent = size;
    canvas.setAttribute("aria-label", `${name}: ${size}. Choose a unit with the arrow keys.`);
    document.getElementById("layers").append(figure);
    for (const event of ["pointermove", "pointerdown"]) {
      canvas.addEventListener(event, (pointer) => this.point(index, pointer));
    }
    const leave = () => this.chosen?.index === index && this.choose(null);
    canvas.addEventListener("pointerleave", (pointer) => {
      if (pointer.pointerType === "mouse" && document.activeElement !== canvas) leave();
    });
    canvas.addEventListener("focus", () => {
      if (this.chosen?.index !== index) this.choose({ index, map: 0, y: 0, x: 0 });
    });
    canvas.addEventListener("blur", leave);
    canvas.addEventListener("keydown", (key) => this.press(index, key));
    return canvas;
  }

  /** Show the outputs of a digit. */
  show(outputs) {
    this.outputs = outputs;
    this.redraw();
  }

  redraw() {
    this.layouts = this.layers.map((_, index) => this.redrawLayer(index));
    this.showChosen();
  }

  /** Choose the unit under the pointer. */
  point(index, event) {
    const { left, top, width, height } = this.canvases[index].getBoundingClientRect();
    const canvas = this.canvases[index];
    const place = [
      ((event.clientX - left) / width) * canvas.width,
      ((event.clientY - top) / height) * canvas.height,
    ];
    const layout = this.layouts[index];
    const output = this.outputs.get(this.layers[index].name);
    const [column, row] = [place[0] / layout.stepX, place[1] / layout.stepY].map(Math.floor);
    const map = row * layout.columns + column;
    const x = Math.floor((place[0] - column * layout.stepX) / layout.scale);
    const y = Math.floor((place[1] - row * layout.stepY) / layout.scale);
    if (map >= output.maps || x < 0 || y < 0 || x >= output.width || y >= output.height) return;
    this.choose({ index, map, y, x });
  }

  /** Choose a neighbour of the chosen unit; with Shift the same unit of the next map. */
  press(index, event) {
    const direction = ARROWS[event.key];
    if (!direction) return;
    event.preventDefault();
    const { map, y, x } = this.chosen ?? { map: 0, y: 0, x: 0 };
    const { maps, height, width } = this.outputs.get(this.layers[index].name);
    const { columns } = this.layouts[index];
    const step = event.shiftKey ? [width, height] : [1, 1];
    const across = clamp((map % columns) * width + x + direction[0] * step[0], 0, columns * width - 1);
    const rows = Math.ceil(maps / columns) * height;
    const down = clamp(Math.floor(map / columns) * height + y + direction[1] * step[1], 0, rows - 1);
    const next = Math.floor(down / height) * columns + Math.floor(across / width);
    if (next < maps) this.choose({ index, map: next, y: down % height, x: across % width });
  }

  choose(unit) {
    const before = this.chosen;
    this.chosen = unit;
    if (before && before.index !== unit?.index) this.redrawLayer(before.index);
    if (unit) this.redrawLayer(unit.index);
    this.showChosen();
  }

  redrawLayer(index) {
    const output = this.outputs.get(this.layers[index].name);
    const columns = COLUMNS[output.maps] ?? squareRoot(output.maps);
    return drawMaps(this.canvases[index], output, MAPS_WIDTH, columns);
  }

  /** Show the chosen unit on its map and in the panel, and its receptive field. */
  showChosen() {
    const part = (name) => document.getElementById(`unit-${name}`);
    const { chosen, model } = this;
    part("weights").hidden = part("field").hidden = !chosen;
    if (!chosen) {
      part("title").textContent = "No unit is chosen";
      part("value").textContent = "Point at a map, or focus one and use the arrow keys.";
      part("note").textContent = "";
      this.onMark(null);
      return;
    }
    const { index, map, y, x } = chosen;
    const [layer, output] = [this.layers[index], this.outputs.get(this.layers[index].name)];
    this.outline(this.canvases[index], this.layouts[index], chosen);
    const seen = receptiveField(model.layers, index, y, x);
    const sentence = unitSentence(layer, output, seen, chosen);
    part("title").textContent = sentence.title;
    part("value").textContent = sentence.value;
    part("note").textContent = sentence.weights;
    this.showField(part("field"), seen);
    const weights = weightsOf(layer, map);
    part("weights").hidden = !weights;
    if (weights) drawMaps(part("weights"), weights, WEIGHTS_WIDTH, squareRoot(weights.maps));
    this.onMark(onImage(model.preparation, seen));
  }

  outline(canvas, layout, { map, y, x }) {
    const context = canvas.getContext("2d");
    const [left, top] = corner(layout, map);
    context.lineWidth = 2;
    context.strokeStyle = colours(canvas)("--mark");
    const { scale } = layout;
    context.strokeRect(left + x * scale - 1, top + y * scale - 1, scale + 2, scale + 2);
  }

  /** Draw the input of the net with the receptive field. */
  showField(canvas, [left, top, right, bottom]) {
    const { scale } = drawMaps(canvas, this.outputs.get("input"), WEIGHTS_WIDTH, 1, inkPaint);
    const context = canvas.getContext("2d");
    context.lineWidth = 3;
    context.strokeStyle = colours(canvas)("--mark");
    const size = [(right - left) * scale - 3, (bottom - top) * scale - 3];
    context.strokeRect(left * scale + 1.5, top * scale + 1.5, ...size);
  }
}
