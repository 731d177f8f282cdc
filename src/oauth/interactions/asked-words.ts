/** Word that says what a scope of OpenID Connect lets a client do. */
export function wordOfScope(scope: string): string {
  return `oauth-scope.${scope}`;
}
