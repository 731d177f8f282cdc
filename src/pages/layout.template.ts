/** The page around what stands in `<main>`. */
export const LAYOUT = `<!doctype html>
<html lang="<%= it.lang %>" dir="<%= it.dir %>">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title><%= it.title %> - <%= it.site %></title>
<link rel="icon" href="<%= it.icon %>">
<link rel="stylesheet" href="<%= it.asset('pages.css') %>">
<% for (const script of it.scripts) { %><script type="module" src="<%= script %>"></script>
<% } %></head>
<body class="<%= it.area %>">
<a class="skip" href="#main"><%= it.t('layout.skip') %></a>
<header class="top">
<% if (it.home) { %><a class="site" href="<%= it.home %>"><% } else { %><span class="site"><% } %><% if (it.logo) { %><img class="logo" src="<%= it.asset(it.logo) %>" alt=""><% } %><%= it.site %><% if (it.home) { %></a><% } else { %></span><% } %>
<% if (it.nav.length > 0) { %><nav aria-label="<%= it.t('layout.nav.' + it.area) %>"><ul>
<% for (const entry of it.nav) { %><li><a href="<%= entry.href %>"<% if (entry.isCurrent) { %> aria-current="page"<% } %>><%= entry.label %></a></li>
<% } %></ul></nav>
<% } %><% if (it.user) { %><div class="who">
<span><%= it.user.name ?? it.user.email %></span>
<% if (it.otherArea) { %><a href="<%= it.otherArea.href %>"><%= it.otherArea.label %></a>
<% } %><form method="post" action="<%= it.path('/sign-out') %>"><input type="hidden" name="_csrf" value="<%= it.csrf %>"><button class="link"><%= it.t('layout.sign-out') %></button></form>
</div>
<% } %></header>
<main id="main" tabindex="-1"<% if (it.area === 'sign-in') { %> class="card"<% } %>>
<% if (it.message) { %><p class="<%= it.isProblem ? 'problem' : 'good' %>" role="<%= it.isProblem ? 'alert' : 'status' %>"><%= it.message %></p>
<% } %><%~ it.body %>
</main>
<footer class="foot"><% if (it.languages.length > 1) { %><nav aria-label="<%= it.t('layout.languages') %>"><ul>
<% for (const one of it.languages) { %><li><a href="<%= one.href %>" lang="<%= one.code %>" hreflang="<%= one.code %>"<% if (one.code === it.lang) { %> aria-current="true"<% } %>><%= one.name %></a></li>
<% } %></ul></nav><% } %></footer>
</body>
</html>
`;
