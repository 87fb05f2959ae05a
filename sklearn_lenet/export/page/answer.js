// The answer: the label or "?" with a reason, and a bar for the probability of each label.
"use strict";

const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** Return what the net says of raw pixels: the answer, its reason and the output of each layer. */
function answerOf(model, pixels) {
  const outputs = forward(model, pixels);
  const probabilities = softmax(outputs.get("output").values, model.temperature);
  const best = probabilities.indexOf(Math.max(...probabilities));
  const novelty = model.novelty ? noveltyOf(model, outputs) : null;
  const reason = reasonOf(model, probabilities, best, novelty);
  const label = model.labels[best];
  return { answer: reason ? "?" : label, label, reason, probabilities, best, novelty, outputs };
}

/** Return why there is no answer; null if there is one. */
function reasonOf({ labels, noDigit, unsureBelow, novelty: limits }, probabilities, best, novelty) {
  const named = (code) => `${labels[code]} (${percent(probabilities[code])})`;
  if (best === noDigit) return `This is no digit, with ${percent(probabilities[best])}.`;
  if (probabilities[best] < unsureBelow) {
    const order = [...labels.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
    return `Unsure: ${order.slice(0, 2).map(named).join(" or ")}.`;
  }
  if (limits && novelty > limits.threshold) {
    return `Perhaps no digit: it differs from the training digits. The nearest label is ${named(best)}.`;
  }
  return null;
}

/** The part of the page with the answer and the bars. */
class AnswerView {
  constructor(labels, noDigit) {
    this.sign = document.getElementById("answer");
    this.reason = document.getElementById("reason");
    this.spoken = document.getElementById("spoken");
    const list = document.getElementById("bars");
    this.rows = labels.map((label, code) => {
      const row = document.importNode(document.getElementById("bar").content, true).firstElementChild;
      row.querySelector(".label").textContent = code === noDigit ? "no digit" : label;
      list.append(row);
      return row;
    });
  }

  /** Show an answer and its bars. */
  show({ answer, reason, probabilities, best }) {
    this.rows.forEach((row, code) => {
      row.classList.toggle("best", code === best);
      row.querySelector(".bar").style.width = `${100 * probabilities[code]}%`;
      row.querySelector(".share").textContent = percent(probabilities[code]);
    });
    this.write(answer, reason ?? `Probability ${percent(probabilities[best])}.`);
  }

  /** Show "?" and why. */
  showNothing(reason) {
    for (const row of this.rows) {
      row.classList.remove("best");
      row.querySelector(".bar").style.width = "0";
      row.querySelector(".share").textContent = "–";
    }
    this.write("?", reason);
  }

  write(answer, reason) {
    this.sign.textContent = answer;
    this.sign.classList.toggle("unknown", answer === "?");
    this.sign.classList.toggle("long", answer.length > 3);
    this.reason.textContent = reason;
    this.say(`${answer === "?" ? "No answer" : answer}. ${reason}`);
  }

  /** Tell a screen reader, once the drawing rests. */
  say(words) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.spoken.textContent = words), 500);
  }
}
