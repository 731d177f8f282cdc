/** Buttons marked `data-copy` put the text of the element with that id into the clipboard, and say so in the next element. Hidden where there is none. */
export const COPY_JS = `
for (const button of navigator.clipboard ? document.querySelectorAll('[data-copy]') : []) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const { copy, copied, failed } = button.dataset;
    const said = button.nextElementSibling;
    try {
      await navigator.clipboard.writeText(document.getElementById(copy).textContent);
      said.textContent = copied;
    } catch {
      said.textContent = failed;
    }
  });
}
`.trim();
