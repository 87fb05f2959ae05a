// The page: what happens when something is drawn, dropped, chosen, undone or cleared.
"use strict";

const START = "Draw a digit, or drop a picture of one.";

{
  const element = (id) => document.getElementById(id);
  const model = readModel();
  const blank = forward(model, new Array(model.image.size).fill(model.image.paper));
  for (const output of blank.values()) output.values = output.values.map(() => 0);

  const answer = new AnswerView(model.labels, model.noDigit);
  const steps = new StepsView();
  const say = (words) => answer.say(words);
  const drawing = new Drawing(element("drawing"), changed, say);
  let current = null; // the steps of the digit on the page
  const maps = new MapsView(model, blank, (corners) => {
    if (!corners || !current) return drawing.mark(null);
    const place = (x, y) => current.toPicture(...current.toDigit(x, y));
    const [left, top, right, bottom] = corners;
    return drawing.mark([...place(left, top), ...place(right, bottom)]);
  });

  /** Read a canvas; raise a PictureError if there is no digit on it. */
  function readCanvas(canvas) {
    const reading = readingSteps(planesOf(pixelsOf(canvas)), model.strokeWidth);
    const { pixels, toDigit } = modelPixels(reading, model.image);
    return { ...reading, toDigit, pixels, ...answerOf(model, pixels) };
  }

  let waiting = false;
  /** Read the drawing before the next frame, however many points have come until then. */
  function changed() {
    element("undo").disabled = element("clear").disabled = drawing.isEmpty;
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      update();
    });
  }

  function update() {
    current = null;
    try {
      if (drawing.isEmpty) throw new PictureError(START);
      current = readCanvas(drawing.source());
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      answer.showNothing(error.message);
      steps.hide();
      maps.show(blank);
      return;
    }
    answer.show(current);
    steps.show(drawing.source(), current, model, current.outputs);
    maps.show(current.outputs);
  }

  /** Read a picture file, or write on the page why it cannot be read. */
  async function open(file) {
    element("file-note").textContent = "Opening the picture …";
    try {
      const { canvas, note } = await openPicture(file);
      element("file-note").textContent = note;
      drawing.setPicture(canvas);
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      element("file-note").textContent = error.message;
      say(error.message);
    }
  }

  function undo() {
    element("file-note").textContent = "";
    drawing.undo();
  }

  function clear() {
    element("file-note").textContent = "";
    drawing.clear();
  }

  element("undo").addEventListener("click", undo);
  element("clear").addEventListener("click", clear);
  element("choose").addEventListener("click", () => element("file").click());
  element("file").addEventListener("change", ({ target }) => {
    if (target.files.length) open(target.files[0]);
    target.value = ""; // so that the same file can be chosen again
  });

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") undo();
    else if (event.key === "Delete" || event.key === "Escape") clear();
    else return;
    event.preventDefault();
  });

  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    element("drawing").classList.add("target");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) element("drawing").classList.remove("target");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    element("drawing").classList.remove("target");
    const [file] = event.dataTransfer.files;
    if (file) open(file);
    else element("file-note").textContent = "This is no file; drop a picture file.";
  });
  document.addEventListener("paste", (event) => {
    const [file] = event.clipboardData.files;
    if (file) open(file);
  });

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    drawing.show();
    steps.redraw();
    maps.redraw();
  });

  const names = model.labels.filter((_, code) => code !== model.noDigit);
  const known = names.length > 20 ? `${names.slice(0, 20).join(" ")} …` : names.join(" ");
  element("knows").textContent = `This ${model.name} knows ${known}.`;
  changed();

  /** For programs and tests: read raw pixels, or a picture file, as the page does. */
  window.digitPage = {
    model,
    read: (pixels) => answerOf(model, pixels),
    readPicture: async (file) => readCanvas((await openPicture(file)).canvas),
  };
}
