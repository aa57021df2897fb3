// Shows times in the reader's time zone. The time in UTC stays in the title.
const near = (date) => date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

export function showTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const date = new Date(time.dateTime);
    if ("exact" in time.dataset) time.textContent = near(date);
    else time.title = `${near(date)} (${time.title})`;
  }
}

showTimes(document);
const zone = document.querySelector("[data-zone]");
if (zone) zone.textContent = zone.dataset.zone.replace("{zone}", Intl.DateTimeFormat().resolvedOptions().timeZone);
