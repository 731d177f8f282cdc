import { shownText } from './claims.js';
import { isObject, objectIn } from './upstream-fetch.js';

/** Maximum length of a name, in each of its two parts. */
const MOST = 200;

/** The name in what Apple posts beside its answer, the first time only, and unsigned: worth no more than a name. Null: none. */
export function postedName(user: string | null): string | null {
  const { firstName, lastName } = partsOf(user);
  return shownText([firstName, lastName].filter((part) => part !== null).join(' '));
}

/** The same again, with nothing but the name: the rest is signed elsewhere, and an address is seen by more than a form. Null: none. */
export function onlyName(user: string): string | null {
  const name = partsOf(user);
  return name.firstName === null && name.lastName === null ? null : JSON.stringify({ name });
}

function partsOf(user: string | null) {
  const name = objectIn(user ?? '')?.name;
  const { firstName, lastName } = isObject(name) ? name : {};
  return { firstName: shownText(firstName, MOST), lastName: shownText(lastName, MOST) };
}
