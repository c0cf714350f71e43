// The picture of a schedule: one bar for each month, made of its parts. It is
// drawn in real pixels, so that its words are as large as all others, and
// again when its room changes. Its words are in the text beside it.
function chart(c) {
  const figure = copyOf("chart"), svg = figure.querySelector("svg");
  figure.querySelector("figcaption").textContent = c.title + " (" + c.unit + ")";
  figure.querySelector(".legend").append(...c.parts.map((part, i) => {
    const item = element("li", "", part);
    item.prepend(element("i", "part-" + i));
    return item;
  }));
  const total = (bar) => bar.parts.reduce((a, b) => a + b, 0);
  const first = c.bars[0], last = c.bars.at(-1);
  svg.setAttribute("aria-label", [c.title, ...[first, last].map((b) => b.label + ": " + short(total(b)) + " " + c.unit)].join(". "));
  let drawn = "";
  new ResizeObserver(() => {
    const em = parseFloat(getComputedStyle(svg).fontSize);
    const width = svg.clientWidth;
    if (width && drawn !== width + "/" + em) {
      drawn = width + "/" + em;
      draw(svg, c, total, width, em);
    }
  }).observe(svg);
  return figure;
}

function draw(svg, c, total, width, em) {
  const height = Math.round(em * 10), below = em * 1.7, above = em * .6;
  const top = nice(Math.max(...c.bars.map(total), 1));
  const marks = [top, top / 2, 0];
  const left = Math.max(...marks.map((m) => short(m).length)) * em * .56 + em * .6;
  const room = width - left, step = room / c.bars.length;
  const y = (value) => height - below - (height - below - above) * value / top;
  svg.setAttribute("viewBox", "0 0 " + width + " " + height);
  svg.setAttribute("height", height);
  const made = [];
  for (const m of marks) {
    made.push(shape("line", { x1: left, x2: width, y1: y(m), y2: y(m), class: "grid" }), word(short(m), left - em * .4, y(m) + em * .35, "end"));
  }
  const gap = step > 5 ? step * .22 : step > 2 ? .6 : 0;
  c.bars.forEach((bar, i) => {
    let sum = 0;
    bar.parts.forEach((part, j) => {
      made.push(shape("rect", { x: left + i * step + gap / 2, width: step - gap, y: y(sum + part), height: y(sum) - y(sum + part), class: "part-" + j }));
      sum += part;
    });
  });
  // As many names as have room beside each other: the first, then every sixth
  // or the like, the last.
  const wide = (Math.max(...c.bars.map((b) => b.label.length)) * .6 + .6) * em;
  const each = [1, 2, 3, 6, 12, 24, 60].find((n) => n * step >= wide) || c.bars.length;
  const end = c.bars.length;
  c.bars.forEach((bar, i) => {
    const n = i + 1, far = (m) => Math.abs(n - m) * step >= wide;
    if (n === 1 || n === end || (n % each === 0 && far(1) && far(end))) {
      made.push(word(bar.label, Math.min(left + (i + .5) * step, width - bar.label.length * em * .3), height - em * .35, "middle"));
    }
  });
  svg.replaceChildren(...made);
}

function shape(name, attributes) {
  const e = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    e.setAttribute(key, typeof value === "number" ? Math.round(value * 10) / 10 : value);
  }
  return e;
}

function word(text, x, y, anchor) {
  const e = shape("text", { x, y, "text-anchor": anchor });
  e.textContent = text;
  return e;
}

// nice gives the next round number from n on: 1, 2, 3, 4, 6, 8 or 10 and zeros.
function nice(n) {
  const unit = 10 ** Math.floor(Math.log10(n));
  return [1, 2, 3, 4, 6, 8, 10].find((f) => f * unit >= n) * unit;
}

// short gives a number as people say it: "1,5 tr", "400 ng".
function short(n) {
  for (const [unit, name] of [[1e9, " tỷ"], [1e6, " tr"], [1e3, " ng"]]) {
    if (n >= unit) return (Math.round(n / unit * 10) / 10).toLocaleString("vi-VN") + name;
  }
  return n.toLocaleString("vi-VN");
}
