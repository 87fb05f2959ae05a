// The drawing area: strokes by mouse, finger, pen or keyboard, or a picture in their place.
"use strict";

const PAPER_SIDE = 280; // the unit of a stroke is a pixel of this square
const PEN_WIDTH = 20;
const PEN_STEP = 7; // how far an arrow key moves the pen

class Drawing {
  /** ``onChange`` is called after each change, ``say`` with each word for a screen reader. */
  constructor(canvas, onChange, say) {
    Object.assign(this, { canvas, onChange, say });
    this.strokes = []; // each a list of points [x, y]
    this.picture = null; // a canvas
    this.pointer = null; // the pointer that draws now
    this.pen = null; // the place of the keyboard's pen, once it is used
    this.penIsDown = false;
    this.marked = null; // the corners of a marked part, in pixels of the picture
    this.page = newCanvas(PAPER_SIDE, PAPER_SIDE);
    canvas.addEventListener("pointerdown", (event) => this.begin(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(name, (event) => this.end(event));
    }
    canvas.addEventListener("keydown", (event) => this.press(event));
    canvas.addEventListener("blur", () => this.hidePen());
  }

  get isEmpty() {
    return !this.strokes.length && !this.picture;
  }

  /** Return what is read: the picture, or the strokes in black on white. */
  source() {
    if (this.picture) return this.picture;
    const context = this.page.getContext("2d", { willReadFrequently: true });
    context.fillStyle = "white";
    context.fillRect(0, 0, PAPER_SIDE, PAPER_SIDE);
    this.trace(context, "black");
    return this.page;
  }

  trace(context, colour) {
    Object.assign(context, { lineWidth: PEN_WIDTH, lineCap: "round", lineJoin: "round" });
    context.strokeStyle = colour;
    for (const [first, ...others] of this.strokes) {
      context.beginPath();
      context.moveTo(...first);
      for (const point of others.length ? others : [first]) context.lineTo(...point);
      context.stroke();
    }
  }

  /** Draw what the user sees. */
  show() {
    const { canvas } = this;
    const context = canvas.getContext("2d");
    const scale = canvas.width / PAPER_SIDE;
    const colour = colours(canvas);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.fillStyle = colour("--paper");
    context.fillRect(0, 0, PAPER_SIDE, PAPER_SIDE);
    const { left, top, factor } = this.placement();
    if (this.picture) {
      const { width, height } = this.picture;
      context.drawImage(this.picture, left, top, width * factor, height * factor);
    }
    this.trace(context, colour("--ink"));
    if (this.isEmpty && !this.pen) {
      context.fillStyle = colour("--quiet");
      context.font = "14px system-ui, sans-serif";
      context.textAlign = "center";
      context.fillText("Draw here", PAPER_SIDE / 2, PAPER_SIDE / 2);
    }
    if (this.marked) {
      const [x, y, right, bottom] = this.marked.map((place) => place * factor);
      context.lineWidth = 2;
      context.strokeStyle = colour("--mark");
      // A part that lies partly outside is marked up to the edge.
      const [x0, y0] = [Math.max(1, left + x), Math.max(1, top + y)];
      const [x1, y1] = [left + right, top + bottom].map((place) => Math.min(PAPER_SIDE - 1, place));
      context.strokeRect(x0, y0, Math.max(0, x1 - x0), Math.max(0, y1 - y0));
    }
    if (this.pen) this.showPen(context, colour("--mark"));
  }

  showPen(context, colour) {
    context.beginPath();
    context.arc(...this.pen, PEN_WIDTH / 2, 0, 2 * Math.PI);
    context.lineWidth = 2;
    context.strokeStyle = context.fillStyle = colour;
    if (this.penIsDown) context.fill();
    else context.stroke();
  }

  /** Return where a picture lies on the paper, and its size there. */
  placement() {
    if (!this.picture) return { left: 0, top: 0, factor: 1 };
    const { width, height } = this.picture;
    const factor = PAPER_SIDE / Math.max(width, height);
    return { left: (PAPER_SIDE - width * factor) / 2, top: (PAPER_SIDE - height * factor) / 2, factor };
  }

  mark(corners) {
    this.marked = corners;
    this.show();
  }

  setPicture(picture) {
    Object.assign(this, { picture, strokes: [], marked: null });
    this.changed();
  }

  undo() {
    if (this.picture) this.picture = null;
    else this.strokes.pop();
    this.penIsDown = false;
    this.changed();
  }

  clear() {
    Object.assign(this, { strokes: [], picture: null, penIsDown: false });
    this.changed();
  }

  changed() {
    this.marked = null;
    this.show();
    this.onChange();
  }

  start(point) {
    this.picture = null;
    this.strokes.push([point]);
    this.changed();
  }

  extend(points) {
    this.strokes[this.strokes.length - 1].push(...points);
    this.changed();
  }

  place(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return [
      ((event.clientX - left) / width) * PAPER_SIDE,
      ((event.clientY - top) / height) * PAPER_SIDE,
    ];
  }

  begin(event) {
    if (event.button !== 0 || this.pointer !== null) return;
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.hidePen();
    this.start(this.place(event));
  }

  move(event) {
    if (event.pointerId !== this.pointer) return;
    const events = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    this.extend((events.length ? events : [event]).map((part) => this.place(part)));
  }

  end(event) {
    if (event.pointerId === this.pointer) this.pointer = null;
  }

  /** Move the pen with the arrow keys, and put it down or lift it with the space bar. */
  press(event) {
    const direction = ARROWS[event.key];
    if (!direction && event.key !== " ") return;
    event.preventDefault();
    this.pen ??= [PAPER_SIDE / 2, PAPER_SIDE / 4];
    if (direction) {
      const step = PEN_STEP * (event.shiftKey ? 4 : 1);
      this.pen = this.pen.map((place, axis) => clamp(place + step * direction[axis], 10, PAPER_SIDE - 10));
      if (this.penIsDown) this.extend([this.pen]);
      else this.show();
      return;
    }
    this.penIsDown = !this.penIsDown;
    this.say(this.penIsDown ? "Pen down." : "Pen up.");
    if (this.penIsDown) this.start(this.pen);
    else this.show();
  }

  hidePen() {
    Object.assign(this, { pen: null, penIsDown: false });
    this.show();
  }
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Return a function that gives the present colour of a name of the style sheet. */
function colours(element) {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(name).trim();
}
