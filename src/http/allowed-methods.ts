import type { Request } from 'express';

/** The parts of an Express route that matter here. */
interface RouteLayer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/**
 * The methods that a request's path answers, in upper case; none where nothing is at that path.
 * Express answers both with the same 404.
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
