"use strict";
// The page works without this script, which only adds a filter.
const filter = document.getElementById("filter");
const servers = Array.from(document.querySelectorAll("article"), (article) => ({
  parts: document.querySelectorAll(`[data-server="${article.dataset.server}"]`),
  status: article.dataset.status,
  text: article.textContent.toLowerCase(),
}));
function apply() {
  const words = filter.elements.text.value.toLowerCase().trim();
  let count = 0;
  for (const server of servers) {
    const shown = filter.elements[server.status].checked && server.text.includes(words);
    server.parts.forEach((part) => { part.hidden = !shown; });
    count += shown ? 1 : 0;
  }
  document.getElementById("count").value = `${count} of ${servers.length} shown`;
}
filter.hidden = false;
filter.addEventListener("input", apply);
filter.addEventListener("submit", (event) => event.preventDefault());
apply();
