/**
 * Forms and links marked `data-swap` change `<main>` without a new page. The reply is read as a document by the browser itself: nothing
 * that this module touches takes text for HTML, so it needs no policy of Trusted Types. Whatever goes wrong, the browser goes there.
 */
export const SWAP_JS = `
let latest = 0;
function swap(url, isNew) {
  const mine = ++latest;
  const ask = new XMLHttpRequest();
  const leave = () => location.assign(url);
  ask.open('GET', url);
  ask.responseType = 'document';
  ask.onerror = leave;
  ask.onload = () => {
    if (mine !== latest) return;
    const main = ask.status === 200 && ask.responseXML && ask.responseXML.querySelector('main');
    if (!main || new URL(ask.responseURL).pathname !== new URL(url, location.href).pathname) return leave();
    const at = document.activeElement && document.activeElement.id;
    const caret = at && document.activeElement.selectionStart;
    document.querySelector('main').replaceWith(document.adoptNode(main));
    document.title = ask.responseXML.title;
    if (isNew) history.pushState(null, '', url);
    const same = at && document.getElementById(at);
    (same || document.querySelector('main')).focus({ preventScroll: Boolean(same) });
    if (same && typeof caret === 'number') same.setSelectionRange(caret, caret);
  };
  ask.send();
}
addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches('form[data-swap]')) return;
  event.preventDefault();
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form, event.submitter)) if (value !== '') query.append(name, value);
  const text = query.toString();
  swap(form.action.split('?', 1)[0] + (text ? '?' + text : ''), true);
});
addEventListener('click', (event) => {
  const link = event.target.closest && event.target.closest('a[data-swap]');
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  swap(link.href, true);
});
addEventListener('popstate', () => swap(location.href, false));
`.trim();
