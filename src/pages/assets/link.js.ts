/** Takes the token of a mailed link out of the address, and so out of the history and of what is copied or bookmarked. */
export const LINK_JS = `if (new URLSearchParams(location.search).has('token')) history.replaceState(null, '', location.pathname);
`;
