import { closeWhatIsLeft } from './left-open.js';

afterAll(closeWhatIsLeft);
