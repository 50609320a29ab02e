/** Azure writes a region as `westeurope` or as `West Europe`. */
export function sameRegion(a: string, b: string): boolean {
  return regionName(a) === regionName(b);
}

/** A region as it stands in host names: `westeurope`. */
export function regionName(region: string): string {
  return region.replaceAll(' ', '').toLowerCase();
}
