/** The role whose users are operators: the routes under `/admin` are theirs. */
export const ADMIN_ROLE = 'admin';
