/**
 * The ceremonies of passkeys: a form marked `data-factor="passkey"` asks the JSON route `data-options` what the browser is to be asked, and
 * is sent with the answer in its field `credential`. `data-create`: registers one. `data-autofill`: also offers them in the field marked
 * `autocomplete="webauthn"`. It is shown only where it can work.
 * `data-accepted-passkeys`: which passkeys still work, for the authenticators (WebAuthn Level 3 §5.1.10.3): one that was removed is offered no more.
 */
export const PASSKEY_JS = `const passkeys = window.PublicKeyCredential;
const works = Boolean(passkeys?.parseRequestOptionsFromJSON && passkeys.parseCreationOptionsFromJSON);
let autofill;

async function ask(form) {
  const { options, loginToken } = form.dataset;
  const password = form.elements.password?.value;
  const reply = await fetch(options, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...(loginToken && { loginToken }), ...(password && { password }) }),
  });
  if (!reply.ok) throw new Error(String(reply.status));
  return reply.json();
}

async function use(form, how) {
  const json = await ask(form);
  if (how?.signal) setTimeout(() => offer(form), (json.timeout ?? 300000) * 0.9);
  const credential = 'create' in form.dataset
    ? await navigator.credentials.create({ publicKey: passkeys.parseCreationOptionsFromJSON(json) })
    : await navigator.credentials.get({ publicKey: passkeys.parseRequestOptionsFromJSON(json), ...how });
  form.elements.credential.value = JSON.stringify(credential);
  form.submit();
}

async function offer(form) {
  if (autofill === null || !(await passkeys.isConditionalMediationAvailable?.())) return;
  autofill?.abort();
  autofill = new AbortController();
  use(form, { mediation: 'conditional', signal: autofill.signal }).catch(() => {});
}

async function start(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const button = form.querySelector('button');
  const wrong = form.querySelector('.wrong');
  autofill?.abort();
  autofill = null;
  button.disabled = true;
  wrong.hidden = true;
  try {
    await use(form);
  } catch {
    button.disabled = false;
    wrong.hidden = false;
  }
}

for (const form of works ? document.querySelectorAll('form[data-factor="passkey"]') : []) {
  form.hidden = false;
  form.addEventListener('submit', start);
  if ('autofill' in form.dataset) offer(form);
}

const accepted = document.querySelector('[data-accepted-passkeys]')?.dataset.acceptedPasskeys;
if (accepted) passkeys?.signalAllAcceptedCredentials?.(JSON.parse(accepted)).catch(() => {});
`;
