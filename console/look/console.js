// What a page does by itself beyond htmx. Without it everything still works.
"use strict";

document.documentElement.classList.add("scripts");

// A form is sent once: who is on a slow line taps again.
document.addEventListener("submit", event => {
  const button = event.submitter;
  if (!button || event.defaultPrevented || event.target.method === "get" || button.dataset.again !== undefined) return;
  setTimeout(() => { button.disabled = true; button.dataset.was = button.textContent; button.textContent = "Đang gửi…"; });
});
// Coming back by the browser's own button, it can be sent again.
addEventListener("pageshow", () => document.querySelectorAll("button[data-was]").forEach(button => {
  button.disabled = false; button.textContent = button.dataset.was; delete button.dataset.was;
}));

// What is to be copied.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent);
    button.textContent = "Đã chép";
  });
}

document.querySelector("[data-print]")?.addEventListener("click", () => print());

// Tick all that are shown.
document.addEventListener("change", event => {
  const all = event.target.closest("[data-all]");
  if (all) for (const box of all.form.querySelectorAll(`[name="${all.dataset.all}"]`)) box.checked = all.checked;
});

// What is wrong is what somebody reads first.
const wrong = document.querySelector("[aria-invalid=true]");
if (wrong) wrong.focus();
