/** Asks the server, once typing pauses, whether a new password will do, and says so beside its field. */
export const PASSWORD_HINT_JS = `const PAUSE_MS = 700;
for (const input of document.querySelectorAll('input[data-hint]')) {
  const hint = document.getElementById('password-hint');
  const usual = hint.textContent;
  let timer;
  let turn = 0;
  async function ask(mine) {
    const body = new URLSearchParams();
    for (const name of ['_csrf', 'password', 'email', 'name']) {
      const field = input.form.elements.namedItem(name);
      if (field && field.value) body.set(name, field.value);
    }
    const reply = await fetch(input.dataset.hint, { method: 'POST', body, redirect: 'error' }).catch(() => null);
    const text = reply && reply.ok ? (await reply.json()).hint : usual;
    if (mine === turn) hint.textContent = text;
  }
  input.addEventListener('input', () => {
    clearTimeout(timer);
    const mine = ++turn;
    if (input.value) timer = setTimeout(ask, PAUSE_MS, mine);
    else hint.textContent = usual;
  });
}
`;
