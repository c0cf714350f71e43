// Small things that all of the page uses.
const find = (id) => document.getElementById(id);
const copyOf = (template) => find("t-" + template).content.firstElementChild.cloneNode(true);

function element(name, className, ...content) {
  const e = document.createElement(name);
  if (className) e.className = className;
  e.append(...content);
  return e;
}

// newId names a message: the same message sent again has the same.
const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

// tell says something in the line above the text field; "" says nothing.
// What is wrong with the line comes back when something else was said.
let lineDown = false;
function tell(what = "") {
  const line = find("line");
  line.textContent = line.dataset[what] || (lineDown ? line.dataset.down : "");
  document.body.dataset.line = what || (lineDown ? "down" : "up");
}
