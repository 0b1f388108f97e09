/**
 * The address of a tenant as seen from that of the request (RFC 9110, 10.2.2): it holds whatever path a proxy has put before ours,
 * and no header of a proxy needs to be believed.
 * @param route the route that is answered: `/tenants` or one below
 */
export function tenantFrom(route: string, userId: string): string {
  const below = route.split('/').length - 2
  return below === 0 ? `tenants/${userId}` : `${'../'.repeat(below - 1)}${userId}`
}
