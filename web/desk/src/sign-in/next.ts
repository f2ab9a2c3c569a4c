// Where one goes after signing in: only to a page of this server.

export function nextPage(search: string, origin: string): string {
  const wanted = new URLSearchParams(search).get("next");
  if (!wanted) return "/desk";
  try {
    const url = new URL(wanted, origin);
    // Back to the sign-in page would be a circle.
    return url.origin === origin && url.pathname !== "/sign-in" ? url.pathname + url.search + url.hash : "/desk";
  } catch {
    return "/desk";
  }
}
