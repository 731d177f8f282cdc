/** The role whose users are admins: the routes under `/admin` are theirs. */
export const ADMIN_ROLE = 'admin';
