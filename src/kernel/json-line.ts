/** Line breaks and directions that JSON leaves as they are, and a log viewer may act on. */
const UNSEEN = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/**
 * JSON on one line, whatever the value holds: nothing in it can begin a line of its own, or be shown as what it is not.
 *
 * @throws TypeError for what JSON cannot say: circles, bigints
 */
export function jsonLine(value: object): string {
  // JSON itself escapes every other control character.
  return JSON.stringify(value).replace(UNSEEN, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
