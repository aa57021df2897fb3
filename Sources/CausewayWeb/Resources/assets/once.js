// A secret that is shown once leaves the page with its reader: the browser keeps pages to show them again for "back".
window.addEventListener("pagehide", () => {
  for (const secret of document.querySelectorAll("[data-once]")) secret.remove();
});
