// This script makes pages quicker to use. Every page works without it.
import "./forms.js";
import "./runs.js";
import "./live.js";
import "./times.js";
import "./editor.js";
import "./preview.js";
import "./attributes.js";
import "./files.js";
import "./lists.js";
import "./copy.js";
import "./once.js";
import "./picker.js";
import "./suggest.js";
import "./search.js";
import "./bulk.js";

const menu = document.querySelector(".menu");
const narrow = window.matchMedia("(max-width: 800px)");
const fold = () => { if (menu) menu.open = !narrow.matches; };
narrow.addEventListener("change", fold);
fold();

// On a phone, the current tab may be out of sight.
const tab = document.querySelector(".tabs [aria-current]");
if (tab) {
  const tabs = tab.closest("ul");
  tabs.scrollLeft = tab.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
}

const problems = document.querySelector(".problems, .conflict");
if (problems) problems.focus();

// The note about an action is shown once, so the address loses it.
const here = new URL(window.location.href);
if (here.searchParams.has("done")) {
  here.searchParams.delete("done");
  window.history.replaceState(null, "", here);
}

// The menu of the account closes by the Escape key, and by a click elsewhere.
const account = document.querySelector(".account");
if (account) {
  document.addEventListener("click", (event) => { if (!account.contains(event.target)) account.open = false; });
  account.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    account.open = false;
    account.querySelector("summary").focus();
  });
}
