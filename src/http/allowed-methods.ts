import type { Request } from 'express';

/** What Express keeps of a route, as far as it matters here. */
interface RouteLayer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/**
 * The methods by which the path of a request can be called, in upper case; none where there is
 * nothing at that path. Express answers both with the same 404.
 */
export function allowedMethods(request: Request): readonly string[] {
  const layers = (request.app.router as { stack: unknown }).stack as readonly RouteLayer[];
  const methods = new Set<string>();
  for (const layer of layers) {
    if (!layer.route || !layer.match(request.path)) continue;
    for (const method of Object.keys(layer.route.methods)) methods.add(method.toUpperCase());
  }
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods].sort();
}
