const TICKET =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#1f4fbf" d="M2 3h12v3a2 2 0 0 0 0 4v3H2v-3a2 2 0 0 0 0-4z"/></svg>';

/** Inside the page: browsers would ask for `/favicon.ico` otherwise. */
export const ICON = `data:image/svg+xml,${encodeURIComponent(TICKET)}`;
