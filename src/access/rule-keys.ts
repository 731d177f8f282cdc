/** Metadata of handlers and controllers, under which decorators keep what they ask of a caller. */
export const ROLES = 'coatcheck:roles';
export const PERMISSIONS = 'coatcheck:permissions';
export const STEP_UP = 'coatcheck:stepUp';
export const NOT_WHILE_IMPERSONATING = 'coatcheck:notWhileImpersonating';
export const OPEN_TO_ENROLMENT = 'coatcheck:openToEnrolment';
export const ALLOWED_STRATEGIES = 'coatcheck:strategies';

/** Metadata of a handler to which pages of other sites may send forms. */
export const OPEN_TO_OTHER_SITES = 'coatcheck:open-to-other-sites';
