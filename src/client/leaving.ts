import { host } from './host.js';

/**
 * Whether there is a logout that the service has not heard of: a mark that outlives the page, and that other tabs see. Where storage is forbidden it
 * is known here alone.
 *
 * @param name of the mark
 */
export const markOf = (name: string) => {
  let isHere = false;
  return (is?: boolean): boolean => {
    isHere = is ?? isHere;
    try {
      const storage = host.localStorage!;
      if (is) storage[name] = '1';
      else if (is === false) delete storage[name];
      return name in storage;
    } catch {
      // Where storage is forbidden, even to look at it is refused.
      return isHere;
    }
  };
};
