"use strict";

// Where there is no clipboard (plain http on another host) or it is refused, what is selected is copied.
async function copied(address) {
  try {
    await navigator.clipboard.writeText(address.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(address);
    return document.execCommand("copy");
  }
}

for (const row of document.querySelectorAll(".addresses li")) {
  const [address, button, told] = ["code", "button", "[role=status]"].map((each) => row.querySelector(each));
  button.hidden = false;
  button.addEventListener("click", async () => {
    for (const each of document.querySelectorAll(".addresses [role=status]")) each.textContent = "";
    told.textContent = (await copied(address)) ? told.dataset.copied : told.dataset.selected;
  });
}
