// The table of the steps from the picture to the pixels that the net sees.
"use strict";

const THUMBNAIL = 96; // pixels on the longer side

class StepsView {
  constructor() {
    this.section = document.getElementById("steps");
    this.body = this.section.querySelector("tbody");
    this.section.hidden = true;
  }

  /** Show each step of a reading; ``source`` is the canvas that was read. */
  show(source, steps, model, outputs) {
    const { box, specks, width } = steps;
    const removed = specks === 1 ? ", and 1 speck removed" : `, and ${specks} specks removed`;
    const asItIs = source.width === SIDE && isMnistAlready(planesOf(pixelsOf(source)));
    const input = outputs.get("input");
    this.rows = [
      ["Picture", source, `${source.width}x${source.height} pixels.`],
      ["Ink", steps.ink, "How much darker, or lighter, each pixel is than its background."],
      [
        "Mask",
        steps.mask,
        `Ink above ${steps.threshold.toFixed(2)}${specks ? removed : ""}. ` +
          `The digit has ${box.width}x${box.height} pixels.`,
      ],
      [
        "Strokes",
        steps.stroke,
        `The longer side gets ${BOX} pixels. ${strokesSentence(width, model.strokeWidth)}`,
      ],
      [
        "MNIST's form",
        steps.digit,
        asItIs
          ? "The picture has this form already."
          : `${SIDE}x${SIDE} pixels, with the centre of mass in the middle.`,
      ],
    ];
    if (input.height * input.width > 1 && Number.isInteger(input.width)) {
      this.rows.push(["Net's input", input, `${input.width}x${input.height} pixels, standardised.`]);
    }
    this.redraw();
    this.section.hidden = false;
  }

  hide() {
    this.section.hidden = true;
  }

  redraw() {
    this.body.replaceChildren(...(this.rows ?? []).map((row) => this.row(...row)));
  }

  row(name, picture, sentence) {
    const row = document.importNode(document.getElementById("step").content, true);
    row.querySelector("th").textContent = name;
    row.querySelector("p").textContent = sentence;
    const canvas = row.querySelector("canvas");
    if (picture instanceof HTMLCanvasElement) drawThumbnail(canvas, picture);
    else drawThumbnail(canvas, painted(picture, this.section));
    return row;
  }
}

/** Say what happens to strokes of this width. */
function strokesSentence(width, narrowest) {
  const widest = WIDTH_TOLERANCE * narrowest;
  const strokes = `Strokes of ${width.toFixed(1)} pixels`;
  if (width < narrowest) return `${strokes} are widened to ${narrowest.toFixed(1)}.`;
  if (width > widest) return `${strokes} are thinned to ${widest.toFixed(1)}, or to half at most.`;
  return `${strokes} keep their width.`;
}

/** Draw a picture in a square, with its own proportions. */
function drawThumbnail(canvas, picture) {
  canvas.width = canvas.height = 2 * THUMBNAIL;
  const context = canvas.getContext("2d");
  const scale = canvas.width / Math.max(picture.width, picture.height);
  context.imageSmoothingEnabled = scale < 1;
  context.imageSmoothingQuality = "high";
  const [width, height] = [picture.width * scale, picture.height * scale];
  context.drawImage(picture, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
}

/** Return a canvas with an image in the colours of ink and paper. */
function painted({ width, height, values }, element) {
  const canvas = newCanvas(width, height);
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(width, height);
  const paint = inkPaint(element, values);
  const shades = new Map(); // few values differ in a mask
  values.forEach((value, k) => {
    const level = Math.round(value * 1000);
    if (!shades.has(level)) shades.set(level, paint(value));
    const [red, green, blue] = shades.get(level);
    pixels.data[4 * k] = red;
    pixels.data[4 * k + 1] = green;
    pixels.data[4 * k + 2] = blue;
    pixels.data[4 * k + 3] = 255;
  });
  context.putImageData(pixels, 0, 0);
  return canvas;
}
