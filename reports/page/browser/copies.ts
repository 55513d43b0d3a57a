/** Lets what is written in the page be taken out of it. */
export function offerCopies(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    offer(button, async () => {
      await copy(textOf(button.dataset["copy"]));
      tell(button, "Copied");
    });
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-download]")) {
    offer(button, () => {
      download(textOf(button.dataset["download"]), button.dataset["file"] ?? "");
    });
  }
}

function offer(button: HTMLButtonElement, act: () => void | Promise<void>): void {
  button.hidden = false;
  button.addEventListener("click", () => {
    void (async () => {
      try {
        await act();
      } catch {
        tell(button, "That was not allowed");
      }
    })();
  });
}

function textOf(id: string | undefined): string {
  return document.getElementById(id ?? "")?.textContent ?? "";
}

/** A page from disk may have no clipboard; then the old way has to do. */
async function copy(text: string): Promise<void> {
  if ("clipboard" in navigator) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

function download(text: string, file: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = file;
  link.click();
  URL.revokeObjectURL(url);
}

/** For as long as it takes to read it; also said by a screen reader. */
function tell(button: HTMLButtonElement, text: string): void {
  const before = button.textContent;
  const label = button.getAttribute("aria-label");
  button.textContent = text;
  button.removeAttribute("aria-label");
  button.disabled = true;
  setTimeout(() => {
    button.textContent = before;
    if (label !== null) button.setAttribute("aria-label", label);
    button.disabled = false;
    button.focus();
  }, 1_200);
}
