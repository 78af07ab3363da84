// Comforts only: every page works without this file. It may not hold an answer, nor decide anything.
"use strict";

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button--secondary";
  made.textContent = words;
  made.addEventListener("click", () => act(made));
  return made;
}

// The private link: copy it, print its card.
for (const place of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(place.dataset.copy).textContent.trim();
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  const copy = button("Copier le lien", async () => {
    await navigator.clipboard.writeText(text);
    said.textContent = "Lien copié.";
  });
  if (navigator.clipboard) place.append(copy, " ");
  place.append(button("Imprimer la carte", () => window.print()), " ", said);
}

// Leaving a page by another way than its buttons: ask first, if something was changed.
let changed = false;
for (const form of document.querySelectorAll("form[data-guard]")) {
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) { changed = false; return; }
    event.preventDefault();  // the browser would replace what was typed by its own error page
    const said = form.querySelector("[role=alert]") || form.appendChild(document.createElement("p"));
    said.setAttribute("role", "alert");
    said.className = "field-error";
    said.textContent = "Pas de réseau pour l’instant. Rien n’est perdu : gardez cette page ouverte, puis enregistrez de nouveau.";
  });
}
window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
