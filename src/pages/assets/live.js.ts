/**
 * Keeps what stands in `[data-live]` up to date: `data-live` is the address of the events, each `[data-rows]` has children with a `data-key`.
 * `data-on` and `data-stopped` are what `[data-live-status]` says. What has the focus, or is opened, stays; the page is read as a document,
 * for text must not become HTML here (Trusted Types).
 */
export const LIVE_JS = `
const live = document.querySelector('[data-live]');
const status = live?.querySelector('[data-live-status]');
let source, timer;
const say = (text) => { status.textContent = text; };
const put = (box, rows) => {
  const focus = document.activeElement;
  const had = box.contains(focus);
  const old = new Map([...box.children].map((row) => [row.dataset.key, row]));
  box.replaceChildren(...rows.map((row) => {
    const kept = old.get(row.dataset.key);
    return kept && (kept.contains(focus) || kept.querySelector('details[open]')) ? kept : document.adoptNode(row);
  }));
  if (had) (focus.isConnected ? focus : document.querySelector('main')).focus({ preventScroll: true });
};
const read = () => {
  timer = 0;
  const ask = new XMLHttpRequest();
  ask.open('GET', location.href);
  ask.responseType = 'document';
  ask.onload = () => {
    const fresh = ask.response?.querySelector('[data-live]');
    if (!fresh) return ask.status < 500 && location.reload();
    for (const box of live.querySelectorAll('[data-rows]')) {
      const other = fresh.querySelector('[data-rows="' + box.dataset.rows + '"]');
      if (other) put(box, [...other.children]);
    }
  };
  ask.send();
};
const open = () => {
  source = new EventSource(live.dataset.live);
  source.onopen = () => say(live.dataset.on);
  source.addEventListener('change', ({ data }) => {
    for (const id of JSON.parse(data).gone) {
      for (const row of live.querySelectorAll('[data-key="' + id + '"]')) {
        const box = row.parentElement;
        put(box, [...box.children].filter((one) => one !== row));
      }
    }
    timer ||= setTimeout(read, 500);
  });
  source.addEventListener('over', () => source.close());
  source.onerror = () => {
    if (source.readyState !== 2) return;
    say(live.dataset.stopped);
    read();
  };
};
document.addEventListener('visibilitychange', () => {
  source?.close();
  if (!live || document.hidden) return;
  open();
  read();
});
if (live && !document.hidden) open();
`.trim();
