import { PageController } from '../../../pages/page-controller.js';
import { ResetLinkPage } from './reset-link.page.js';

/** The same at an address for people: `/reset?token=`. */
@PageController('reset', 'sign-in')
export class ResetPage extends ResetLinkPage {}
