// This script makes pages quicker to use. Every page works without it.
import "./forms.js";
import "./runs.js";
import "./times.js";
import "./editor.js";
import "./preview.js";
import "./attributes.js";
import "./files.js";
import "./lists.js";

const menu = document.querySelector(".menu");
const narrow = window.matchMedia("(max-width: 800px)");
const fold = () => { if (menu) menu.open = !narrow.matches; };
narrow.addEventListener("change", fold);
fold();

const problems = document.querySelector(".problems");
if (problems) problems.focus();

// The note about an action is shown once, so the address loses it.
const here = new URL(window.location.href);
if (here.searchParams.has("done")) {
  here.searchParams.delete("done");
  window.history.replaceState(null, "", here);
}

const theme = document.querySelector("#theme");
if (theme) theme.addEventListener("change", () => theme.form.submit());
