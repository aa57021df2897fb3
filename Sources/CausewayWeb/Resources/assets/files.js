// Reads UTF-8, or the encodings that spreadsheets write.
function decoded(bytes) {
  const mark = new Uint8Array(bytes.slice(0, 2)).join();
  if (mark === "255,254") return new TextDecoder("utf-16le").decode(bytes);
  if (mark === "254,255") return new TextDecoder("utf-16be").decode(bytes);
  try { return new TextDecoder("utf-8", { fatal: true }).decode(bytes); } catch { return new TextDecoder("windows-1252").decode(bytes); }
}

// A file fills the text field next to it. The browser sends the text, not the file.
for (const picker of document.querySelectorAll("input[type=file][data-fills]")) {
  picker.closest(".field").hidden = false;
  picker.addEventListener("change", async () => {
    const [file] = picker.files;
    const isTooLarge = file?.size > Number(picker.dataset.most);
    picker.setCustomValidity(isTooLarge ? picker.dataset.large : "");
    picker.reportValidity();
    if (!file || isTooLarge) return;
    document.getElementById(picker.dataset.fills).value = decoded(await file.arrayBuffer());
    picker.form.elements[picker.dataset.named].value = file.name;
  });
}
