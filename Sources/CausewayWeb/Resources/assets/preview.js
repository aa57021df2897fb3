// Previews without leaving the page, and automatically while a person types if that is cheap.
const preview = document.querySelector("#preview");
if (preview) {
  const form = preview.closest("form");
  const button = preview.querySelector("button[name=_try]");
  const status = preview.querySelector("[data-status]");
  let under = null;
  const attempt = async () => {
    under?.abort();
    const own = under = new AbortController();
    const began = Date.now();
    const tick = () => { status.textContent = `${status.dataset.working} … ${Math.round((Date.now() - began) / 1000)} s`; };
    const clock = window.setInterval(tick, 1000);
    tick();
    const body = new URLSearchParams(new FormData(form, button));
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: own.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector(".problems") ?? page.querySelector("#preview [data-result]");
      if (!found) throw new Error(page.querySelector("main")?.textContent ?? "");
      preview.querySelector("[data-result]").replaceChildren(...(found.matches(".problems") ? [found] : found.childNodes));
      status.textContent = "";
      document.dispatchEvent(new Event("tried"));
    } catch (error) {
      if (own.signal.aborted) return;
      status.textContent = error.message;
    } finally {
      window.clearInterval(clock);
    }
  };
  form.addEventListener("submit", (event) => {
    if (event.submitter !== button) return;
    event.preventDefault();
    attempt();
  });
  if ("live" in preview.dataset) {
    let pause;
    const isCheap = () => !preview.querySelector("#sample").checked
      && [...preview.querySelectorAll("[data-people]")].some((names) => names.value);
    form.addEventListener("input", (event) => {
      if (event.target.name.startsWith("_")) return;
      window.clearTimeout(pause);
      pause = window.setTimeout(() => { if (isCheap()) attempt(); }, 800);
    });
    // A name is whole when its field is left.
    preview.addEventListener("change", () => { if (isCheap()) attempt(); });
  }
}
