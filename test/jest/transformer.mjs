import { process as transform } from '../../dist/src/testing/jest-transformer.js';
import { isShared, standIn } from './shared-modules.mjs';

/** The transformer that the package exports; shared files are not transformed here but stood in for. */
export default {
  process: (source, file) => (isShared(file) ? { code: standIn(file) } : transform(source, file)),
};
